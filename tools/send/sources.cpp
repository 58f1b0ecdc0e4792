// SPDX-License-Identifier: MIT
#include <tools/send/sources.hpp>

#include <algorithm>
#include <random>
#include <streambuf>
#include <vector>

namespace portsock::tools {
namespace {

/// Bytes that are made when they are wanted.
class generated : public std::istream {
 public:
  generated(std::uint64_t size, bool random) : std::istream{nullptr}, buffer_{size, random} {
    rdbuf(&buffer_);
  }

 private:
  class buffer : public std::streambuf {
   public:
    buffer(std::uint64_t size, bool random) : left_{size}, random_{random} {}

   protected:
    int_type underflow() override {
      const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes_.size()));
      if (size == 0) return traits_type::eof();
      left_ -= size;
      if (random_)
        for (std::size_t i = 0; i < size; i += sizeof(std::uint64_t)) put(i, next_());
      setg(bytes_.data(), bytes_.data(), bytes_.data() + size);
      return traits_type::to_int_type(bytes_.front());
    }

   private:
    void put(std::size_t at, std::uint64_t word) {
      for (std::size_t i = 0; i < sizeof word; ++i)
        bytes_[at + i] = static_cast<char>(word >> (8 * i));
    }

    std::vector<char> bytes_ = std::vector<char>(std::size_t{256} * 1024);
    std::uint64_t left_;
    const bool random_;
    std::mt19937_64 next_{std::random_device{}()};
  };
  buffer buffer_;
};

std::optional<unsigned> digit(char c) noexcept {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
  return std::nullopt;
}

}  // namespace

std::shared_ptr<std::istream> zeros(std::uint64_t size) {
  return std::make_shared<generated>(size, false);
}

std::shared_ptr<std::istream> noise(std::uint64_t size) {
  return std::make_shared<generated>(size, true);
}

std::optional<std::string> from_hexadecimal(std::string_view text) {
  constexpr std::string_view between = " :,-\t\r\n";
  std::string bytes;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(between), text.size()));
    if (text.empty()) return bytes;
    const auto high = digit(text[0]);
    const auto low = text.size() > 1 ? digit(text[1]) : std::nullopt;
    if (!high || !low) return std::nullopt;
    bytes += static_cast<char>(*high << 4U | *low);
    text.remove_prefix(2);
  }
}

}  // namespace portsock::tools
