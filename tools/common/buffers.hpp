// SPDX-License-Identifier: MIT
#pragma once

// Streams over calls that move bytes, for streams that neither the standard library's files nor its
// standard streams fit.

#include <cstddef>
#include <ios>
#include <span>
#include <streambuf>
#include <utility>
#include <vector>

#include <portsock/bytes.hpp>
#include <portsock/error.hpp>

namespace portsock::tools {

/// What an istream reads from. Takes what one call gives, and does not wait for more.
class input_buffer : public std::streambuf {
 protected:
  explicit input_buffer(std::size_t size) : bytes_(size) {}

  /// The next bytes, at least one; 0 at the end.
  virtual result<std::size_t> read(mutable_bytes room) = 0;

  int_type underflow() final {
    const auto got = read(std::as_writable_bytes(std::span{bytes_}));
    // What a stream has for a failure that is no end: it turns an exception into badbit.
    if (!got) throw std::ios_base::failure{got.error().message()};
    if (*got == 0) return traits_type::eof();
    setg(bytes_.data(), bytes_.data(), bytes_.data() + *got);
    return traits_type::to_int_type(bytes_.front());
  }

 private:
  std::vector<char> bytes_;
};

/// What an ostream writes to, piece by piece: what comes is large already, or wanted now.
class output_buffer : public std::streambuf {
 protected:
  /// All of it, or false.
  virtual bool write(const_bytes bytes) = 0;

  int_type overflow(int_type next) final {
    if (traits_type::eq_int_type(next, traits_type::eof())) return traits_type::not_eof(next);
    const char byte = traits_type::to_char_type(next);
    return xsputn(&byte, 1) == 1 ? next : traits_type::eof();
  }
  std::streamsize xsputn(const char* bytes, std::streamsize size) final {
    return write(as_bytes({bytes, static_cast<std::size_t>(size)})) ? size : 0;
  }
};

/// A std::istream or std::ostream that owns what it reads from or writes to.
template <class Stream, class Buffer>
class stream_on : public Stream {
 public:
  template <class... Parts>
  explicit stream_on(Parts&&... parts) : Stream{nullptr}, buffer_{std::forward<Parts>(parts)...} {
    this->rdbuf(&buffer_);
  }

 private:
  Buffer buffer_;
};

}  // namespace portsock::tools
