// SPDX-License-Identifier: MIT
#include <memory>

#include <unistd.h>

#include <portsock/file.hpp>
#include <portsock/transfer.hpp>

#include <tests/bench/compare/registry.hpp>

namespace compare {
namespace {

using namespace portsock;

std::function<void(std::size_t)> by_file(int handle) {
  auto stream = std::make_shared<borrowed<stream_socket>>(native_handle{handle});
  return [stream, file = file_of_one_write()](std::size_t bytes) {
    for (std::size_t sent = 0; sent != bytes; sent += bulk_write)
      require(static_cast<bool>(send_file(**stream, file_handle{file}, {0, bulk_write})),
              "send_file");
  };
}
const add<bulk_sender> files{"portsock file", {by_file}};

std::function<void(std::size_t)> by_relay(int handle) {
  auto stream = std::make_shared<borrowed<stream_socket>>(native_handle{handle});
  auto between = std::make_shared<relay>(relay::create().value());
  return [stream, between, file = file_of_one_write()](std::size_t bytes) {
    for (std::size_t sent = 0; sent != bytes; sent += bulk_write) {
      checked(::lseek(file, 0, SEEK_SET), "lseek");
      require(static_cast<bool>(between->move(file_handle{file}, **stream, bulk_write)), "move");
    }
  };
}
const add<bulk_sender> relays{"portsock splice", {by_relay}};

}  // namespace
}  // namespace compare
