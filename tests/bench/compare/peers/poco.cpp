// SPDX-License-Identifier: MIT
#include <memory>

#include <Poco/Net/DatagramSocket.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/StreamSocketImpl.h>

#include <tests/bench/compare/registry.hpp>

namespace compare {
namespace {

namespace net = Poco::Net;

net::StreamSocket stream_of(int fd) { return net::StreamSocket{new net::StreamSocketImpl{fd}}; }

void ask(int fd, int turns) {
  static auto stream = stream_of(fd);
  message m{};
  for (int i = 0; i != turns; ++i)
    require(stream.sendBytes(m.data(), message_size) == message_size &&
                stream.receiveBytes(m.data(), message_size) == message_size,
            "ping-pong");
}
void answer(int fd) {
  auto stream = stream_of(fd);
  message m;
  while (stream.receiveBytes(m.data(), message_size) == message_size)
    stream.sendBytes(m.data(), message_size);
}
const add<ping_pong> streams{"Poco", {ask, answer}};

class named final : public datagram_pair {
 public:
  named() { far_.setReceiveBufferSize(4 << 20); }
  std::size_t send(std::size_t count) override {
    for (std::size_t i = 0; i != count; ++i) near_.sendTo(message_.data(), message_size, to_);
    return count;
  }
  void receive(std::size_t count) override {
    net::SocketAddress from;
    for (std::size_t i = 0; i != count; ++i) far_.receiveFrom(message_.data(), message_size, from);
  }

 private:
  net::DatagramSocket near_{net::SocketAddress{"127.0.0.1", 0}};
  net::DatagramSocket far_{net::SocketAddress{"127.0.0.1", 0}};
  net::SocketAddress to_ = far_.address();
  message message_{};
};
const add<single_datagrams> single{"Poco", {std::make_unique<named>}};

std::size_t parse(std::span<const std::string> texts) {
  std::size_t sum = 0;
  for (const auto& text : texts) sum += net::IPAddress::parse(text).length();
  return sum;
}
template <unsigned Size>
std::size_t format(std::span<const address_bytes> addresses) {
  std::size_t sum = 0;
  for (const auto& address : addresses)
    sum += net::IPAddress{address.data(), Size}.toString().size();
  return sum;
}
const add<address_text> text{"Poco", {parse, parse, format<4>, format<16>}};

}  // namespace
}  // namespace compare
