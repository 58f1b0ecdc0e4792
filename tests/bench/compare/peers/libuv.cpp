// SPDX-License-Identifier: MIT

// libuv at its best: one static buffer, uv_try_write, uv_udp_try_send.

#include <memory>

#include <netinet/in.h>
#include <sys/socket.h>
#include <uv.h>

#include <tests/bench/compare/registry.hpp>

namespace compare {
namespace {

std::array<char, 65536> room;

void offer_room(uv_handle_t*, std::size_t, uv_buf_t* buffer) {
  *buffer = uv_buf_init(room.data(), room.size());
}
void forget(uv_handle_t* handle) { delete reinterpret_cast<uv_tcp_t*>(handle); }

void echo_what_came(uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer) {
  if (size < 0) return uv_close(reinterpret_cast<uv_handle_t*>(stream), forget);
  const auto answer = uv_buf_init(buffer->base, static_cast<unsigned>(size));
  if (size > 0) require(uv_try_write(stream, &answer, 1) == size, "uv_try_write");
}

uv_tcp_t* accepted_by(uv_stream_t* listener) {
  auto* const fresh = new uv_tcp_t;
  uv_tcp_init(listener->loop, fresh);
  require(uv_accept(listener, reinterpret_cast<uv_stream_t*>(fresh)) == 0, "uv_accept");
  return fresh;
}

void serve(int fd, uv_connection_cb arrived) {
  uv_loop_t loop;
  uv_tcp_t listener;
  uv_loop_init(&loop);
  uv_tcp_init(&loop, &listener);
  require(uv_tcp_open(&listener, fd) == 0, "uv_tcp_open");
  require(uv_listen(reinterpret_cast<uv_stream_t*>(&listener), SOMAXCONN, arrived) == 0,
          "uv_listen");
  uv_run(&loop, UV_RUN_DEFAULT);
}

void echo(int fd) {
  serve(fd, [](uv_stream_t* listener, int) {
    uv_read_start(reinterpret_cast<uv_stream_t*>(accepted_by(listener)), offer_room,
                  echo_what_came);
  });
}
void close_all(int fd) {
  serve(fd, [](uv_stream_t* listener, int) {
    uv_close(reinterpret_cast<uv_handle_t*>(accepted_by(listener)), forget);
  });
}
const add<echo_server> server{"libuv", {echo}};
const add<accept_server> door{"libuv", {close_all}};

struct sender {
  explicit sender(int fd) {
    uv_loop_init(&loop);
    uv_tcp_init(&loop, &stream);
    require(uv_tcp_open(&stream, fd) == 0, "uv_tcp_open");
  }
  void send() {
    uv_write_t request;
    const auto data = uv_buf_init(reinterpret_cast<char*>(bulk_data().data()), bulk_write);
    uv_write(&request, reinterpret_cast<uv_stream_t*>(&stream), &data, 1, [](uv_write_t*, int) {});
    uv_run(&loop, UV_RUN_DEFAULT);
  }

  uv_loop_t loop;
  uv_tcp_t stream;
};

std::function<void(std::size_t)> plain(int fd) {
  return [s = std::make_shared<sender>(fd)](std::size_t bytes) {
    for (std::size_t sent = 0; sent != bytes; sent += bulk_write) s->send();
  };
}
const add<bulk_sender> sends{"libuv", {plain}};

class named final : public datagram_pair {
 public:
  named() {
    const int far = bound_datagrams();
    socklen_t size = sizeof to_;
    checked(::getsockname(far, reinterpret_cast<sockaddr*>(&to_), &size), "getsockname");
    uv_loop_init(&loop_);
    uv_udp_init(&loop_, &near_);
    uv_udp_init(&loop_, &far_);
    require(uv_udp_open(&near_, bound_datagrams()) == 0 && uv_udp_open(&far_, far) == 0,
            "uv_udp_open");
    far_.data = this;
    uv_udp_recv_start(
        &far_, offer_room,
        [](uv_udp_t* socket, ssize_t size, const uv_buf_t*, const sockaddr* from, unsigned) {
          if (size > 0 && from != nullptr) ++static_cast<named*>(socket->data)->arrived_;
        });
  }
  std::size_t send(std::size_t count) override {
    auto data = uv_buf_init(reinterpret_cast<char*>(message_.data()), message_size);
    for (std::size_t i = 0; i != count; ++i)
      require(uv_udp_try_send(&near_, &data, 1, reinterpret_cast<const sockaddr*>(&to_)) > 0,
              "uv_udp_try_send");
    return count;
  }
  void receive(std::size_t count) override {
    for (arrived_ = 0; arrived_ < count;) uv_run(&loop_, UV_RUN_NOWAIT);
  }

 private:
  uv_loop_t loop_;
  uv_udp_t near_, far_;
  sockaddr_in to_;
  std::size_t arrived_ = 0;
  message message_{};
};
const add<single_datagrams> single{"libuv", {std::make_unique<named>}};

template <int Family>
std::size_t parse(std::span<const std::string> texts) {
  std::size_t sum = 0;
  for (const auto& text : texts) {
    address_bytes address{};
    sum += uv_inet_pton(Family, text.c_str(), address.data()) == 0 ? address[3] + 1u : 0u;
  }
  return sum;
}
template <int Family>
std::size_t format(std::span<const address_bytes> addresses) {
  std::size_t sum = 0;
  for (const auto& address : addresses) {
    char text[INET6_ADDRSTRLEN];
    uv_inet_ntop(Family, address.data(), text, sizeof text);
    sum += static_cast<unsigned char>(text[1]);
  }
  return sum;
}
const add<address_text> text{"libuv",
                             {parse<AF_INET>, parse<AF_INET6>, format<AF_INET>, format<AF_INET6>}};

}  // namespace
}  // namespace compare
