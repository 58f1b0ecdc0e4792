// SPDX-License-Identifier: MIT

// kqueue over epoll, as far as the library's poller goes, so that the poller's own logic is run
// where there is no kqueue. What it cannot show is how a BSD's kernel behaves: which edges there
// are, and what EV_EOF carries of an error (here always ECONNRESET, for Linux forgets an error that
// is looked at).

#include <sys/epoll.h>
#include <sys/event.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace {

/// The two filters of a descriptor, with their flags.
struct knotes {
  std::optional<std::uint16_t> receive;
  std::optional<std::uint16_t> send;

  std::optional<std::uint16_t>& operator[](int filter) {
    return filter == EVFILT_READ ? receive : send;
  }
  bool empty() const { return !receive && !send; }
  std::uint32_t events() const {
    const auto clears = receive.value_or(EV_CLEAR) & send.value_or(EV_CLEAR) & EV_CLEAR;
    return (receive ? EPOLLIN | EPOLLRDHUP : 0u) | (send ? EPOLLOUT : 0u) |
           (clears != 0 ? EPOLLET : 0u);
  }
};

std::mutex mutex;
std::map<int, std::map<int, knotes>> queues;  // by epoll's descriptor, which is the kqueue's

int control(int epoll, int what, int fd, const knotes& about) {
  epoll_event event{};
  event.events = about.events();
  event.data.fd = fd;
  return ::epoll_ctl(epoll, what, fd, &event) == 0 ? 0 : errno;
}

/// Like a BSD, epoll forgets a descriptor that is closed; then so does the double.
bool is_there(int epoll, std::map<int, knotes>& all, int fd) {
  const auto at = all.find(fd);
  if (at == all.end()) return false;
  // To change nothing makes edges come again, which a BSD's EV_ENABLE would not; nobody minds.
  if (control(epoll, EPOLL_CTL_MOD, fd, at->second) == 0) return true;
  all.erase(at);
  return false;
}

int make(int epoll, const struct kevent& change) {
  auto& all = queues[epoll];
  const auto fd = static_cast<int>(change.ident);
  const bool known = is_there(epoll, all, fd);
  if ((change.flags & EV_ADD) != 0) {
    auto wanted = known ? all[fd] : knotes{};
    wanted[change.filter] = change.flags;
    if (const int reason = control(epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, wanted))
      return reason;
    all[fd] = wanted;
    return 0;
  }
  if (!known || !all[fd][change.filter]) return ENOENT;
  if ((change.flags & EV_DELETE) == 0) return 0;
  all[fd][change.filter].reset();
  if (!all[fd].empty()) return control(epoll, EPOLL_CTL_MOD, fd, all[fd]);
  all.erase(fd);
  return control(epoll, EPOLL_CTL_DEL, fd, {});
}

struct kevent event_of(int fd, std::int16_t filter, bool over, bool failed) {
  struct kevent made{};
  made.ident = static_cast<std::uintptr_t>(fd);
  made.filter = filter;
  made.flags = over ? EV_EOF : 0;
  made.fflags = failed ? ECONNRESET : 0;
  return made;
}

/// Rounded up to milliseconds, which is enough for tests.
int milliseconds_of(const timespec* timeout) {
  using namespace std::chrono;
  if (timeout == nullptr) return -1;
  return static_cast<int>(
      ceil<milliseconds>(seconds{timeout->tv_sec} + nanoseconds{timeout->tv_nsec}).count());
}

}  // namespace

int kqueue() noexcept {
  const int made = ::epoll_create1(0);
  if (made < 0) return made;
  const std::lock_guard lock{mutex};
  queues[made].clear();  // the number may have been another's
  return made;
}

int kevent(int kqueue, const struct kevent* changes, int change_count, struct kevent* events,
           int event_count, const timespec* timeout) noexcept {
  int told = 0;
  {
    const std::lock_guard lock{mutex};
    for (const auto& change : std::vector(changes, changes + change_count)) {
      const int outcome = make(kqueue, change);
      if (outcome == 0 && (change.flags & EV_RECEIPT) == 0) continue;
      if (told == event_count) {
        errno = outcome;
        return -1;
      }
      events[told] = change;
      events[told].flags = EV_ERROR;
      events[told++].data = outcome;
    }
  }
  if (told != 0 || event_count == 0) return told;

  // Each may become two events, which are kept apart, as a kernel may do.
  std::vector<epoll_event> found(static_cast<std::size_t>((std::max)(event_count / 2, 1)));
  const int count =
      ::epoll_wait(kqueue, found.data(), static_cast<int>(found.size()), milliseconds_of(timeout));
  if (count < 0) return -1;
  found.resize(static_cast<std::size_t>(count));

  const std::lock_guard lock{mutex};
  auto& all = queues[kqueue];
  for (const auto filter : {EVFILT_READ, EVFILT_WRITE}) {
    const std::uint32_t ready = filter == EVFILT_READ ? EPOLLIN | EPOLLRDHUP : EPOLLOUT;
    const std::uint32_t over =
        filter == EVFILT_READ ? EPOLLRDHUP | EPOLLHUP | EPOLLERR : EPOLLHUP | EPOLLERR;
    for (const auto& each : found) {
      if (!all[each.data.fd][filter] || (each.events & (ready | over)) == 0) continue;
      events[told++] =
          event_of(each.data.fd, filter, (each.events & over) != 0, (each.events & EPOLLERR) != 0);
    }
  }
  return told;
}
