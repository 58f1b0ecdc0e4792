# SPDX-License-Identifier: MIT
"""How system calls can fail, and what the library makes of it: the tables of tests/tools/e2e/injections.py.

A row begins with the patterns of the scenarios, calls and errors that it is for.
"""

import os

# What section 2 of the manual names for the ways in which the library calls them. Not what only a wrong
# pointer, or a wrong program, could bring about.
ERRORS = {
    "socket": "EACCES EAFNOSUPPORT EINVAL EMFILE ENFILE ENOBUFS ENOMEM EPROTONOSUPPORT",
    "socketpair": "EAFNOSUPPORT EMFILE ENFILE EOPNOTSUPP EPROTONOSUPPORT",
    "bind": "EACCES EADDRINUSE EINVAL EADDRNOTAVAIL ELOOP ENAMETOOLONG ENOENT ENOMEM ENOTDIR EROFS",
    "listen": "EADDRINUSE EOPNOTSUPP",
    "connect": "EACCES EPERM EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EAGAIN ECONNREFUSED ENETUNREACH EPROTOTYPE ETIMEDOUT",
    "accept4": "EAGAIN EMFILE ENFILE ENOBUFS ENOMEM EPERM ECONNABORTED EPROTO ENETDOWN EHOSTUNREACH",
    "getsockname": "EINVAL ENOBUFS ENOTSOCK",
    "getpeername": "EINVAL ENOBUFS ENOTCONN",
    "getsockopt": "EINVAL ENOPROTOOPT ENOTSOCK",
    "setsockopt": "EINVAL ENOPROTOOPT ENOTSOCK ENOMEM EPERM ENODEV",
    "shutdown": "EINVAL ENOTCONN",
    "sendto": "EACCES EAGAIN ECONNRESET EDESTADDRREQ EMSGSIZE ENOBUFS ENOMEM ENOTCONN EPIPE EPERM EHOSTUNREACH",
    "recvfrom": "EAGAIN ECONNREFUSED ECONNRESET ENOMEM ENOTCONN ETIMEDOUT",
    "epoll_create1": "EMFILE ENFILE ENOMEM",
    "epoll_ctl": "EEXIST EINVAL ENOENT ENOMEM ENOSPC EPERM",
    "epoll_wait": "EBADF EINVAL",
    "poll": "EINVAL ENOMEM",
    "io_uring_setup": "EINVAL EMFILE ENFILE ENOMEM EPERM ENOSYS",
    "io_uring_enter": "EAGAIN EBUSY EBADF EINVAL EOPNOTSUPP",
    "mmap": "EACCES EAGAIN ENFILE ENOMEM EPERM",
    "pipe": "EMFILE ENFILE",
    "fcntl": "EBADF EMFILE EPERM EBUSY",
    "ioctl": "EBADF EINVAL ENOTTY",
    "openat": "EACCES EISDIR ELOOP EMFILE ENAMETOOLONG ENFILE ENOENT ENOMEM ENOSPC ENOTDIR EROFS ETXTBSY",
    "newfstatat": "EACCES ENOENT ENOMEM ELOOP",
    "lseek": "EINVAL ESPIPE EOVERFLOW",
    "read": "EAGAIN EIO EISDIR EINVAL",
    "write": "EDQUOT EFBIG EIO ENOSPC EPIPE EPERM",
    "sendfile": "EAGAIN EINVAL EIO ENOMEM EOVERFLOW ESPIPE",
    "splice": "EAGAIN EINVAL ENOMEM ESPIPE",
    "flock": "EAGAIN ENOLCK",
    "fchmodat": "EPERM EROFS ENOENT ENOMEM EOPNOTSUPP",
    "unlink": "EACCES EBUSY EPERM EROFS ENOENT",
    "close": "EINTR EIO ENOSPC EDQUOT",  # after each it is closed, and not to be closed again: close(2)
    "capset": "EPERM EINVAL",
    "setresuid": "EAGAIN EPERM",
    "rt_sigaction": "EINVAL",
    "rt_sigprocmask": "EINVAL",
    "rt_sigpending": "ENOSYS",  # as sandboxes say it; its manual names none
    "rt_sigtimedwait": "",  # but for a signal: it takes one that is there
    "clone3": "EAGAIN ENOMEM ENOSYS EPERM",
    "clone": "EAGAIN ENOMEM",
}
SAME = {
    "pipe": ("pipe2",),
    "poll": ("ppoll",),
    "epoll_wait": ("epoll_pwait", "epoll_pwait2"),
    "sendto": ("sendmsg", "sendmmsg"),
    "recvfrom": ("recvmsg", "recvmmsg"),
    "read": ("pread64",),
    "newfstatat": ("fstat", "lstat", "stat"),
    "fchmodat": ("chmod", "fchmodat2"),
    "setresuid": ("setresgid",),
}
for one, others in SAME.items():
    ERRORS.update({other: ERRORS[one] for other in others})
# Kernels before 5.11 have it not, and sandboxes forbid what they do not know.
ERRORS["epoll_pwait2"] += " ENOSYS EPERM"
for one in ("sendfile", "splice"):
    ERRORS[one] += " ENOSYS"

# What is called only when another call has failed: in this scenario, that call, with this error.
FALLBACKS = [
    ("streams", "read", "EAGAIN"),  # poll
    ("wait_by_epoll", "epoll_pwait2", "ENOSYS"),  # epoll_wait
    ("send_file", "sendfile", "EINVAL"),  # pread64
    ("relay_file", "splice", "EINVAL"),  # read
    ("resolve_in_time", "clone3", "ENOSYS"),  # clone
]

# Of each of these, a processor and its C library have one for what the library calls; the table has all.
FORMS = [
    {"pipe", "pipe2"},
    {"epoll_wait", "epoll_pwait"},
    {"newfstatat", "fstat", "lstat", "stat"},
    {"fchmodat", "fchmodat2", "chmod"},
]
if os.uname().machine != "x86_64":
    FORMS.append({"poll", "ppoll"})
# Without it there is nobody who makes these.
NEEDS = {"wait_by_io_uring": {"io_uring_enter", "mmap"}}

# A signal may end each of these, and the library calls again. Not connect: it goes on by itself, which a
# call that strace has not let through does not.
INTERRUPTED = {
    "accept4", "sendto", "sendmsg", "sendmmsg", "recvfrom", "recvmsg", "recvmmsg", "epoll_wait", "epoll_pwait",
    "epoll_pwait2", "poll", "ppoll", "io_uring_enter", "openat", "read", "pread64", "write", "sendfile", "splice",
    "flock", "rt_sigtimedwait",
}  # fmt: skip

# Where the library has another way, or goes on with what comes next: scenarios, calls, errors.
RECOVERED = [
    (r".*", r"epoll_pwait2", r"ENOSYS|EPERM"),
    (r".*", r"clone3", r"ENOSYS"),
    (r".*", r"sendfile|splice", r"EINVAL|ENOSYS"),
    (r".*", r"accept4", r"ECONNABORTED|EPROTO|ENETDOWN|EHOSTUNREACH"),
]

# Where the library does not tell the very error, and what it tells instead: scenarios, calls, errors, words.
TRANSLATED = [
    # The words of the place: what a code means there is known better than from the table.
    (r".*", r"connect", r"EADDRINUSE", "address not available"),
    (r"datagram_.*|raw|local_datagrams", r"send.*", r"ENOBUFS", "operation would block"),
    (r"ping_.*", r"send.*", r"ENOBUFS", "operation would block"),
    (r".*", r"send.*", r"EPIPE", "connection reset"),
    # Who cannot ask whether there is a peer left takes it for gone.
    (r"send_file_to_nobody", r"getpeername", r".*", "connection reset"),
    # A stream whose peer the system has given up on.
    (r"(?!datagram|ping_|raw|local_datagrams).*", r"(send|recv).*",
     r"ETIMEDOUT|ECONNREFUSED|EACCES|EPERM|EHOSTUNREACH", "connection reset"),
    (r"close_gracefully", r"recv.*", r"ENOTCONN", "connection reset"),
    (r"measure|datagram_losses", r"getsockopt", r"EINVAL|ENOPROTOOPT", "not supported"),
    (r"wait_by_epoll|wake|wait_or_cancel", r"epoll_ctl", r"EEXIST|ENOENT", "invalid argument"),
    (r"resolve_in_time", r"clone3?|mmap", r".*", "out of memory"),
    (r"interfaces|datagram_join", r"ioctl", r"EINVAL", "not supported"),  # glibc: a kernel that knows no indices
    (r"local_.*", r"flock", r"EAGAIN", "address in use"),
    (r"local_.*", r"newfstatat|lstat", r"ENOENT", "address not available"),
    # Whoever cannot find out whether the other one is dead does not take its place.
    (r"local_stale", r".*", r".*", "address in use"),
]
# What the library calls and has no way to tell: scenarios, calls, errors, why.
SILENT = [
    (r"wake|.*cancel|interrupt|inquiry", r"write", r".*", "a pipe that is full has been woken; it cannot fail otherwise"),
    (r"interrupt|inquiry", r"ppoll", r".*", "whoever is asked whether he is awake says yes or no"),
    (r"local_in_use", r"connect", r".*", "who refuses is dead"),
    (r".*", r"close", r".*", "strace kept it from closing: what should have ended goes on"),
]
# What succeeds all the same, and how that shows: scenarios, calls, errors, what is wrong then.
WRONG = [
    # To leave what was never joined is a success.
    (r"datagram_join", r"setsockopt", r"EINVAL", "the group is heard no more"),
    # musl blocks all signals while it raises one.
    (r"interrupt|inquiry", r"rt_sigprocmask", r"EINVAL", "it is heard"),
]
# For these glibc ends the program: it takes its own netlink socket for closed by somebody else.
FATAL_TO_GLIBC = {"EBADF", "ENOTSOCK", "ENOTCONN", "ECONNREFUSED", "EAGAIN"}

# A list of interfaces takes musl several calls, and all of them again when a signal ends one.
ASK_AT_LENGTH = {"interfaces", "datagram_join"}

# Where a scenario ends as if there were nothing to try, for that is what the error says: scenarios, calls, errors.
NOT_HERE = [
    (r"ping_.*|raw.*", r"socket|setsockopt", r"EACCES|EPERM"),
    (r"wait_by_io_uring", r"io_uring_setup|mmap", r".*"),
]
# A thread of the library's works beside these, and which of the two closes last is chance.
WITH_THREADS = {"resolve_in_time"}
