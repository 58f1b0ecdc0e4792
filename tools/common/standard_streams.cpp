// SPDX-License-Identifier: MIT
#include <tools/common/standard_streams.hpp>

#include <string>

#include <portsock/program.hpp>
#include <tools/common/buffers.hpp>

namespace portsock::tools {
namespace {

struct piped_in : input_buffer {
  piped_in() : input_buffer{std::size_t{256} * 1024} {}
  result<std::size_t> read(mutable_bytes room) override { return program::read_input(room); }
};

class piped_out : public output_buffer {
 public:
  explicit piped_out(program::stream to) : to_{to} {}

 protected:
  bool write(const_bytes bytes) override {
    if (waiting_.size() + bytes.size() <= most_waiting) {
      waiting_ += as_text(bytes);
      return true;
    }
    return sync() == 0 && program::write(to_, bytes);
  }
  int sync() override {
    const bool done = waiting_.empty() || program::write(to_, as_bytes(waiting_));
    waiting_.clear();
    return done ? 0 : -1;
  }

 private:
  static constexpr std::size_t most_waiting = 4096;
  program::stream to_;
  std::string waiting_;
};

using output_stream = stream_on<std::ostream, piped_out>;

}  // namespace

std::shared_ptr<std::istream> standard_input() {
  static auto& stream = *new stream_on<std::istream, piped_in>;
  return {std::shared_ptr<void>{}, &stream};
}

std::ostream& standard_output() {
  static auto& stream = *new output_stream{program::stream::output};
  return stream;
}

std::ostream& standard_log() {
  static auto& stream = *new output_stream{program::stream::log};
  return stream;
}

}  // namespace portsock::tools
