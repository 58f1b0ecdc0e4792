// SPDX-License-Identifier: MIT
#include <memory>

#include <portsock/socket.hpp>

#include <tests/bench/compare/registry.hpp>

namespace compare {
namespace {

using namespace portsock;

void ask(int handle, int turns) {
  borrowed<stream_socket> stream{native_handle{handle}};
  message m{};
  for (int i = 0; i != turns; ++i)
    require(stream->send(m).value_or(0) == message_size &&
                stream->receive(m).value_or(0) == message_size,
            "ping-pong");
}
void answer(int handle) {
  borrowed<stream_socket> stream{native_handle{handle}};
  message m;
  while (stream->receive(m).value_or(0) == message_size)
    if (stream->send(m).value_or(0) != message_size) return;
}
const add<ping_pong> streams{"portsock", {ask, answer}};

std::function<void(std::size_t)> plain(int handle) {
  auto stream = std::make_shared<borrowed<stream_socket>>(native_handle{handle});
  return [stream](std::size_t bytes) {
    for (std::size_t sent = 0; sent != bytes; sent += bulk_write)
      require(static_cast<bool>((*stream)->send_all(bulk_data())), "send_all");
  };
}
const add<bulk_sender> sends{"portsock", {plain}};

}  // namespace
}  // namespace compare
