// SPDX-License-Identifier: MIT
#include <tools/common/streams.hpp>

namespace portsock::tools {

std::size_t read_some(std::istream& input, std::span<char> buffer) {
  // peek() waits, and nothing else does: readsome() takes what is there by then, and a stream that
  // cannot tell how much that is has at least the byte that was peeked at.
  if (input.peek() == std::istream::traits_type::eof()) return 0;
  std::size_t size = 0;
  while (size < buffer.size()) {
    const auto rest = buffer.subspan(size);
    const auto more = input.readsome(rest.data(), static_cast<std::streamsize>(rest.size()));
    if (more <= 0) break;
    size += static_cast<std::size_t>(more);
  }
  if (size == 0) buffer[size++] = static_cast<char>(input.get());
  return size;
}

bool write_now(std::ostream& output, std::string_view bytes) {
  output.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  output.flush();
  return output.good();
}

}  // namespace portsock::tools
