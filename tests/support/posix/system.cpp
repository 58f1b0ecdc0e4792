// SPDX-License-Identifier: MIT
#include <tests/support/system.hpp>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include <portsock/native_endpoint.hpp>

namespace portsock::tests {
namespace {

int descriptor(native_handle handle) { return static_cast<int>(handle); }

int checked(int outcome) {
  if (outcome < 0) throw std::runtime_error{"a system call of the test failed"};
  return outcome;
}

}  // namespace

std::uint32_t process_id() { return static_cast<std::uint32_t>(::getpid()); }

bool is_inheritable(native_handle handle) {
  return (checked(::fcntl(descriptor(handle), F_GETFD)) & FD_CLOEXEC) == 0;
}

std::size_t count_open_handles() {
  std::size_t count = 0;
  for (int fd = 0; fd < 4096; ++fd)
    if (::fcntl(fd, F_GETFD) >= 0) ++count;
  return count;
}

bool tests_alone_open_handles() { return true; }

void open_what_is_kept() {
  // There is none.
}

native_handle foreign_socket(family of, kind is) {
  return native_handle{checked(::socket(of == family::v4 ? AF_INET : AF_INET6,
                                        is == kind::datagram ? SOCK_DGRAM : SOCK_STREAM, 0))};
}

void make_inheritable(native_handle handle) { checked(::fcntl(descriptor(handle), F_SETFD, 0)); }

void bind_foreign(native_handle handle, const endpoint& local) {
  const native_endpoint name{local};
  checked(::bind(descriptor(handle), static_cast<const sockaddr*>(name.data()), name.size()));
}

void start_to_connect(native_handle handle, const endpoint& peer) {
  const native_endpoint name{peer};
  static_cast<void>(
      ::connect(descriptor(handle), static_cast<const sockaddr*>(name.data()), name.size()));
}

void close_foreign(native_handle handle) { ::close(descriptor(handle)); }

other_handle::other_handle() : handle_{checked(::open("/dev/null", O_RDWR | O_CLOEXEC))} {}
other_handle::~other_handle() { ::close(descriptor(handle_)); }

}  // namespace portsock::tests
