// SPDX-License-Identifier: MIT
#include <tools/common/standard_streams.hpp>

#include <portsock/program.hpp>
#include <tools/common/buffers.hpp>

namespace portsock::tools {
namespace {

struct piped_in : input_buffer {
  piped_in() : input_buffer{std::size_t{256} * 1024} {}
  result<std::size_t> read(mutable_bytes room) override { return program::read_input(room); }
};

struct piped_out : output_buffer {
  bool write(const_bytes bytes) override {
    return program::write(program::stream::output, bytes).has_value();
  }
};

}  // namespace

std::shared_ptr<std::istream> standard_input() {
  static auto& stream = *new stream_on<std::istream, piped_in>;
  return {std::shared_ptr<void>{}, &stream};
}

std::ostream& standard_output() {
  static auto& stream = *new stream_on<std::ostream, piped_out>;
  return stream;
}

}  // namespace portsock::tools
