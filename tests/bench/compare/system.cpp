// SPDX-License-Identifier: MIT
#include "system.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <utility>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace compare {
namespace {

std::chrono::nanoseconds time_of(clockid_t clock) {
  timespec now{};
  checked(::clock_gettime(clock, &now), "clock_gettime");
  return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

void bring_loopback_up() {
  const int fd = checked(::socket(AF_INET, SOCK_DGRAM, 0), "socket");
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  checked(::ioctl(fd, SIOCSIFFLAGS, &request), "bringing up lo");
  ::close(fd);
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(port);
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return name;
}

void bind_to_loopback(int fd) {
  const auto name = loopback(0);
  checked(::bind(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name), "bind");
}

int stream() {
  const int fd = checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  constexpr char reno[] = "reno";
  checked(::setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, reno, sizeof reno - 1), "TCP_CONGESTION");
  return fd;
}

}  // namespace

std::span<std::byte, bulk_write> bulk_data() {
  alignas(4096) static std::array<std::byte, bulk_write> bytes{std::byte{1}};
  return bytes;
}

void require(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "compare: %s: %s\n", what, std::strerror(errno));
  std::_Exit(1);
}

int checked(std::ptrdiff_t outcome, const char* what) {
  require(outcome >= 0, what);
  return static_cast<int>(outcome);
}

bool isolate() {
  rlimit files{};
  checked(::getrlimit(RLIMIT_NOFILE, &files), "getrlimit");
  files.rlim_cur = files.rlim_max;
  checked(::setrlimit(RLIMIT_NOFILE, &files), "setrlimit");
  if (::unshare(CLONE_NEWNET) != 0) return false;
  bring_loopback_up();
  return true;
}

std::size_t most_connections() {
  rlimit files{};
  checked(::getrlimit(RLIMIT_NOFILE, &files), "getrlimit");
  return files.rlim_cur > 400 ? files.rlim_cur - 400 : 0;
}

void pin_to_cpu(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<unsigned>(cpu), &set);
  checked(::sched_setaffinity(0, sizeof set, &set), "sched_setaffinity");
}

child::child(const std::function<void()>& work) : id_{checked(::fork(), "fork")} {
  if (id_ != 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  work();
  std::_Exit(0);
}
child::child(child&& other) noexcept : id_{std::exchange(other.id_, 0)} {}
child::~child() {
  if (id_ == 0) return;
  ::kill(id_, SIGKILL);
  ::waitpid(id_, nullptr, 0);
}

std::chrono::nanoseconds child::cpu_time() const {
  clockid_t clock{};
  require(::clock_getcpuclockid(id_, &clock) == 0, "clock_getcpuclockid");
  return time_of(clock);
}

std::chrono::nanoseconds thread_cpu_time() { return time_of(CLOCK_THREAD_CPUTIME_ID); }

int listening_stream() {
  const int fd = stream();
  bind_to_loopback(fd);
  checked(::listen(fd, SOMAXCONN), "listen");
  return fd;
}

std::uint16_t port_of(int socket) {
  sockaddr_in name{};
  socklen_t size = sizeof name;
  checked(::getsockname(socket, reinterpret_cast<sockaddr*>(&name), &size), "getsockname");
  return ntohs(name.sin_port);
}

int connected_stream(std::uint16_t port) {
  const int fd = stream();
  const auto name = loopback(port);
  checked(::connect(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name), "connect");
  const int on = 1;
  checked(::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "TCP_NODELAY");
  return fd;
}

int accepted_stream(int listener) {
  const int fd = checked(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC), "accept4");
  const int on = 1;
  checked(::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "TCP_NODELAY");
  return fd;
}

int bound_datagrams() {
  const int fd = checked(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
  bind_to_loopback(fd);
  const int room = 4 << 20;
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) != 0)
    checked(::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room), "SO_RCVBUF");
  return fd;
}

void connect_datagrams(int from, int to) {
  const auto name = loopback(port_of(to));
  checked(::connect(from, reinterpret_cast<const sockaddr*>(&name), sizeof name), "connect");
}

int file_of_one_write() {
  const int file = checked(::memfd_create("bulk", MFD_CLOEXEC), "memfd_create");
  require(::write(file, bulk_data().data(), bulk_write) == bulk_write, "write");
  return file;
}

line new_line() {
  int ends[2];
  checked(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair");
  return {ends[0], ends[1]};
}
void tell(int end, std::uint64_t word) {
  require(::write(end, &word, sizeof word) == sizeof word, "telling a child");
}
bool hear(int end, std::uint64_t& word) { return ::read(end, &word, sizeof word) == sizeof word; }

}  // namespace compare
