// SPDX-License-Identifier: MIT
#include <memory>

#include <asio.hpp>

#include <tests/bench/compare/registry.hpp>

namespace compare {
namespace {

using asio::error_code;
using asio::ip::tcp;
using asio::ip::udp;

class session : public std::enable_shared_from_this<session> {
 public:
  explicit session(tcp::socket socket) : socket_{std::move(socket)} {}
  void read() {
    socket_.async_read_some(asio::buffer(buffer_),
                            [self = shared_from_this()](error_code failure, std::size_t size) {
                              if (!failure) self->write(size);
                            });
  }

 private:
  void write(std::size_t size) {
    asio::async_write(socket_, asio::buffer(buffer_.data(), size),
                      [self = shared_from_this()](error_code failure, std::size_t) {
                        if (!failure) self->read();
                      });
  }

  tcp::socket socket_;
  std::array<std::byte, 1024> buffer_;
};

template <class Accepted>
void accept_next(tcp::acceptor& acceptor, Accepted accepted) {
  acceptor.async_accept([&acceptor, accepted](error_code failure, tcp::socket socket) {
    if (!failure) accepted(std::move(socket));
    accept_next(acceptor, accepted);
  });
}

template <class Accepted>
void serve(int listener, Accepted accepted) {
  asio::io_context context{1};
  tcp::acceptor acceptor{context};
  acceptor.assign(tcp::v4(), listener);
  accept_next(acceptor, accepted);
  context.run();
}

void echo(int listener) {
  serve(listener, [](tcp::socket socket) { std::make_shared<session>(std::move(socket))->read(); });
}
void close_all(int listener) {
  serve(listener, [](tcp::socket) {});
}
const add<echo_server> server{"asio", {echo}};
const add<accept_server> door{"asio", {close_all}};

/// A blocking stream that leaves its descriptor open when it is done.
struct borrowed_stream {
  explicit borrowed_stream(int fd) { socket.assign(tcp::v4(), fd); }
  ~borrowed_stream() { socket.release(); }

  asio::io_context context{1};
  tcp::socket socket{context};
};

void ask(int fd, int turns) {
  // Once: registering it with the reactor each time would count.
  static borrowed_stream stream{fd};
  message m{};
  for (int i = 0; i != turns; ++i) {
    asio::write(stream.socket, asio::buffer(m));
    asio::read(stream.socket, asio::buffer(m));
  }
}
void answer(int fd) {
  borrowed_stream stream{fd};
  message m;
  error_code failure;
  while (asio::read(stream.socket, asio::buffer(m), failure) == message_size)
    asio::write(stream.socket, asio::buffer(m), failure);
}
const add<ping_pong> streams{"asio", {ask, answer}};

std::function<void(std::size_t)> plain(int fd) {
  return [stream = std::make_shared<borrowed_stream>(fd)](std::size_t bytes) {
    for (std::size_t sent = 0; sent != bytes;)
      sent += asio::write(stream->socket, asio::buffer(bulk_data().data(), bulk_write));
  };
}
const add<bulk_sender> sends{"asio", {plain}};

class named final : public datagram_pair {
 public:
  named() {
    near_.assign(udp::v4(), bound_datagrams());
    far_.assign(udp::v4(), bound_datagrams());
    to_ = far_.local_endpoint();
  }
  std::size_t send(std::size_t count) override {
    for (std::size_t i = 0; i != count; ++i) near_.send_to(asio::buffer(message_), to_);
    return count;
  }
  void receive(std::size_t count) override {
    for (std::size_t i = 0; i != count; ++i) far_.receive_from(asio::buffer(message_), from_);
  }

 private:
  asio::io_context context_{1};
  udp::socket near_{context_}, far_{context_};
  udp::endpoint to_, from_;
  message message_{};
};
const add<single_datagrams> single{"asio", {std::make_unique<named>}};

std::size_t parse_v4(std::span<const std::string> texts) {
  std::size_t sum = 0;
  for (const auto& text : texts) sum += asio::ip::make_address_v4(text).to_bytes()[3] + 1u;
  return sum;
}
std::size_t parse_v6(std::span<const std::string> texts) {
  std::size_t sum = 0;
  for (const auto& text : texts) sum += asio::ip::make_address_v6(text).to_bytes()[3] + 1u;
  return sum;
}
std::size_t format_v4(std::span<const address_bytes> addresses) {
  std::size_t sum = 0;
  for (const auto& a : addresses)
    sum += asio::ip::address_v4{{a[0], a[1], a[2], a[3]}}.to_string().size();
  return sum;
}
std::size_t format_v6(std::span<const address_bytes> addresses) {
  std::size_t sum = 0;
  for (const auto& a : addresses) sum += asio::ip::address_v6{a}.to_string().size();
  return sum;
}
const add<address_text> text{"asio", {parse_v4, parse_v6, format_v4, format_v6}};

}  // namespace
}  // namespace compare
