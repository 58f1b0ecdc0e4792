// SPDX-License-Identifier: MIT
#include <tools/common/hexdump.hpp>

#include <algorithm>

#include <tools/common/streams.hpp>

namespace portsock::tools {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

void append_hexadecimal(std::string& to, std::uint64_t value, unsigned width) {
  for (unsigned i = width; i-- != 0;) to += digits[value >> (4U * i) & 0xfU];
}

}  // namespace

std::string hexdump(std::string_view prefix, std::uint64_t offset, const_bytes bytes) {
  std::string text;
  while (!bytes.empty()) {
    const auto row = bytes.first(std::min<std::size_t>(bytes.size(), 16));
    text += prefix;
    append_hexadecimal(text, offset, offset >> 32U == 0 ? 8 : 16);
    text += ' ';
    for (std::size_t i = 0; i < 16; ++i) {
      text += i == 8 ? "  " : " ";
      if (i < row.size())
        append_hexadecimal(text, std::to_integer<unsigned>(row[i]), 2);
      else
        text += "  ";
    }
    text += "  |";
    for (const auto byte : row) {
      const auto code = std::to_integer<unsigned char>(byte);
      text += code >= 0x20 && code < 0x7f ? static_cast<char>(code) : '.';
    }
    text += "|\n";
    offset += row.size();
    bytes = bytes.subspan(row.size());
  }
  return text;
}

bool write_hexdump(std::ostream& output, std::string_view prefix, std::uint64_t offset,
                   const_bytes bytes) {
  constexpr std::size_t largest_piece = std::size_t{16} * 1024;  // whole lines
  bool written = true;
  while (written && !bytes.empty()) {
    const auto piece = bytes.first(std::min(bytes.size(), largest_piece));
    written = write_now(output, hexdump(prefix, offset, piece));
    offset += piece.size();
    bytes = bytes.subspan(piece.size());
  }
  return written;
}

}  // namespace portsock::tools
