// SPDX-License-Identifier: MIT
#include <tools/measure/greeting.hpp>

#include <array>
#include <random>

namespace portsock::tools::measuring {
namespace {

/// Exactly as many bytes as a greeting has. Not more: what follows is another's to read.
template <std::size_t Size>
result<std::array<std::byte, Size>> receive_greeting(stream_socket& from, deadline until) {
  std::array<std::byte, Size> bytes{};
  std::size_t held = 0;
  while (held != Size) {
    const auto got = from.receive(mutable_bytes{bytes}.subspan(held), until);
    if (!got) return got.failure();
    held += *got;
    // Who says something else is told so at once, and not when the time is up.
    if (*got == 0 || !may_begin(const_bytes{bytes}.first(held)))
      return fail(errc::protocol_not_supported);
  }
  return bytes;
}

}  // namespace

std::uint64_t random_number() {
  std::random_device source;
  return std::uint64_t{source()} << 32 | source();
}

result<request> receive_request(stream_socket& from, deadline until) {
  const auto bytes = receive_greeting<request_size>(from, until);
  if (!bytes) return bytes.failure();
  const auto asked = decode_request(*bytes);
  if (!asked) return fail(errc::protocol_not_supported);
  return *asked;
}

result<answer> receive_answer(stream_socket& from, deadline until) {
  const auto bytes = receive_greeting<answer_size>(from, until);
  if (!bytes) return bytes.failure();
  const auto given = decode_answer(*bytes);
  if (!given) return fail(errc::protocol_not_supported);
  return *given;
}

}  // namespace portsock::tools::measuring
