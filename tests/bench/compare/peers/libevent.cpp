// SPDX-License-Identifier: MIT

// libevent's events; its buffers cost nearly twice as much.

#include <cerrno>

#include <event2/event.h>
#include <event2/listener.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <tests/bench/compare/registry.hpp>

namespace compare {
namespace {

struct connection {
  event* ready;
};

void echo_what_came(int fd, short, void* known) {
  std::array<std::byte, 2048> buffer;
  const auto size = ::recv(fd, buffer.data(), buffer.size(), 0);
  if (size > 0) {
    require(::send(fd, buffer.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL) == size,
            "send");
  } else if (size == 0 || errno != EAGAIN) {
    auto* const gone = static_cast<connection*>(known);
    event_free(gone->ready);
    ::close(fd);
    delete gone;
  }
}

void serve(int listener, evconnlistener_cb arrived) {
  auto* const base = event_base_new();
  evutil_make_socket_nonblocking(listener);
  require(evconnlistener_new(base, arrived, base, LEV_OPT_CLOSE_ON_EXEC, 0, listener) != nullptr,
          "evconnlistener_new");
  event_base_dispatch(base);
}

void echo(int listener) {
  serve(listener, [](evconnlistener*, int fd, sockaddr*, int, void* base) {
    auto* const fresh = new connection{};
    fresh->ready =
        event_new(static_cast<event_base*>(base), fd, EV_READ | EV_PERSIST, echo_what_came, fresh);
    event_add(fresh->ready, nullptr);
  });
}
void close_all(int listener) {
  serve(listener, [](evconnlistener*, int fd, sockaddr*, int, void*) { ::close(fd); });
}
const add<echo_server> server{"libevent", {echo}};
const add<accept_server> door{"libevent", {close_all}};

}  // namespace
}  // namespace compare
