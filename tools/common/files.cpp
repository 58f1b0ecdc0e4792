// SPDX-License-Identifier: MIT
#include <tools/common/files.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <streambuf>
#include <system_error>

#include <portsock/file.hpp>

namespace portsock::tools {
namespace {

std::filesystem::path native(std::string_view utf8_name) {
  return std::u8string{utf8_name.begin(), utf8_name.end()};
}

class file_buffer : public std::streambuf {
 public:
  explicit file_buffer(unique_file file) : file_{std::move(file)} {}

 protected:
  int_type underflow() override {
    const auto room = std::as_writable_bytes(std::span{bytes_});
    const auto got = can_seek_ ? file_.read_at(room, next_) : file_.read(room);
    // What a stream has for a failure that is no end: it turns an exception into badbit.
    if (!got) throw std::ios_base::failure{got.error().message()};
    if (*got == 0) return traits_type::eof();
    next_ += *got;
    setg(bytes_.data(), bytes_.data(), bytes_.data() + *got);
    return traits_type::to_int_type(bytes_.front());
  }
  pos_type seekoff(off_type by, std::ios::seekdir from, std::ios::openmode) override {
    if (!can_seek_) return off_type{-1};
    auto to = static_cast<off_type>(next_) - (egptr() - gptr());
    if (from == std::ios::beg) to = 0;
    if (from == std::ios::end) to = static_cast<off_type>(file_.size().value_or(0));
    to = std::max<off_type>(to + by, 0);
    next_ = static_cast<std::uint64_t>(to);
    setg(nullptr, nullptr, nullptr);
    return to;
  }
  pos_type seekpos(pos_type to, std::ios::openmode which) override {
    return seekoff(to, std::ios::beg, which);
  }

 private:
  unique_file file_;
  bool can_seek_ = file_.size().has_value();
  std::uint64_t next_ = 0;
  std::array<char, 64 * 1024> bytes_;
};

struct file_stream : std::istream {
  explicit file_stream(unique_file file) : std::istream{nullptr}, buffer{std::move(file)} {
    rdbuf(&buffer);
  }
  file_buffer buffer;
};

/// Without a buffer: what comes is large already, or wanted at once. A filebuf that has none is
/// another thing in libc++, a call for each byte.
class new_file_buffer : public std::streambuf {
 public:
  explicit new_file_buffer(unique_file file) : file_{std::move(file)} {}

 protected:
  int_type overflow(int_type next) override {
    if (traits_type::eq_int_type(next, traits_type::eof())) return traits_type::not_eof(next);
    const char byte = traits_type::to_char_type(next);
    return xsputn(&byte, 1) == 1 ? next : traits_type::eof();
  }
  std::streamsize xsputn(const char* bytes, std::streamsize size) override {
    auto left = as_bytes(std::string_view{bytes, static_cast<std::size_t>(size)});
    while (!left.empty()) {
      const auto written = file_.write(left);
      if (!written) break;
      left = left.subspan(*written);
    }
    return size - static_cast<std::streamsize>(left.size());
  }

 private:
  unique_file file_;
};

struct new_file_stream : std::ostream {
  explicit new_file_stream(unique_file file) : std::ostream{nullptr}, buffer{std::move(file)} {
    rdbuf(&buffer);
  }
  new_file_buffer buffer;
};

}  // namespace

std::unique_ptr<std::ostream> create_file(std::string_view utf8_name) {
  auto made = unique_file::create(utf8_name);
  return made ? std::make_unique<new_file_stream>(*std::move(made)) : nullptr;
}

std::shared_ptr<std::istream> open_file(std::string_view utf8_name) {
  auto opened = unique_file::open(utf8_name);
  return opened ? std::make_shared<file_stream>(*std::move(opened)) : nullptr;
}

bool is_regular(std::string_view utf8_name) {
  std::error_code trouble;
  return std::filesystem::is_regular_file(native(utf8_name), trouble);
}

std::optional<std::string> read_whole_file(std::string_view utf8_name) {
  const auto file = open_file(utf8_name);
  if (!file) return std::nullopt;
  std::string content;
  std::array<char, 4096> piece;
  while (file->read(piece.data(), piece.size()) || file->gcount() > 0)
    content.append(piece.data(), static_cast<std::size_t>(file->gcount()));
  if (file->bad()) return std::nullopt;
  return content;
}

bool write_whole_file(std::string_view utf8_name, std::string_view content) {
  const auto place = native(utf8_name);
  auto beside = place;
  beside += ".part";
  std::ofstream file{beside, std::ios::binary | std::ios::trunc};
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  std::error_code trouble;
  if (file) std::filesystem::rename(beside, place, trouble);
  if (file && !trouble) return true;
  std::filesystem::remove(beside, trouble);
  return false;
}

}  // namespace portsock::tools
