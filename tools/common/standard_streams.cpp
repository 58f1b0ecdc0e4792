// SPDX-License-Identifier: MIT
#include <tools/common/standard_streams.hpp>

#include <streambuf>
#include <string_view>
#include <vector>

#include <portsock/program.hpp>

namespace portsock::tools {
namespace {

class input_buffer : public std::streambuf {
 protected:
  int_type underflow() override {
    const auto got = program::read_input(std::as_writable_bytes(std::span{bytes_}));
    // What a stream has for a failure that is no end: it turns an exception into badbit.
    if (!got) throw std::ios_base::failure{got.error().message()};
    if (*got == 0) return traits_type::eof();
    setg(bytes_.data(), bytes_.data(), bytes_.data() + *got);
    return traits_type::to_int_type(bytes_.front());
  }

 private:
  std::vector<char> bytes_ = std::vector<char>(std::size_t{256} * 1024);
};

class output_buffer : public std::streambuf {
 protected:
  int_type overflow(int_type next) override {
    if (traits_type::eq_int_type(next, traits_type::eof())) return traits_type::not_eof(next);
    const char byte = traits_type::to_char_type(next);
    return xsputn(&byte, 1) == 1 ? next : traits_type::eof();
  }
  std::streamsize xsputn(const char* bytes, std::streamsize size) override {
    const std::string_view text{bytes, static_cast<std::size_t>(size)};
    return program::write(program::stream::output, as_bytes(text)) ? size : 0;
  }
};

/// Streams that own their buffers.
struct input_stream : std::istream {
  input_stream() : std::istream{nullptr} { rdbuf(&buffer); }
  input_buffer buffer;
};
struct output_stream : std::ostream {
  output_stream() : std::ostream{nullptr} { rdbuf(&buffer); }
  output_buffer buffer;
};

}  // namespace

std::shared_ptr<std::istream> standard_input() {
  static auto& stream = *new input_stream;
  return {std::shared_ptr<void>{}, &stream};
}

std::ostream& standard_output() {
  static auto& stream = *new output_stream;
  return stream;
}

}  // namespace portsock::tools
