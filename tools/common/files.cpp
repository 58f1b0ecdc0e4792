// SPDX-License-Identifier: MIT
#include <tools/common/files.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <portsock/file.hpp>
#include <tools/common/buffers.hpp>

namespace portsock::tools {
namespace {

std::filesystem::path native(std::string_view utf8_name) {
  return std::u8string{utf8_name.begin(), utf8_name.end()};
}

class opened_file : public input_buffer {
 public:
  explicit opened_file(unique_file file)
      : input_buffer{std::size_t{64} * 1024}, file_{std::move(file)} {}

 protected:
  result<std::size_t> read(mutable_bytes room) override {
    const auto got = can_seek_ ? file_.read_at(room, next_) : file_.read(room);
    if (got) next_ += *got;
    return got;
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
};

/// A filebuf without a buffer is another thing in libc++: a call for each byte.
class created_file : public output_buffer {
 public:
  explicit created_file(unique_file file) : file_{std::move(file)} {}

 protected:
  bool write(const_bytes bytes) override {
    while (!bytes.empty()) {
      const auto written = file_.write(bytes);
      if (!written) return false;
      bytes = bytes.subspan(*written);
    }
    return true;
  }

 private:
  unique_file file_;
};

}  // namespace

std::unique_ptr<std::ostream> create_file(std::string_view utf8_name) {
  auto made = unique_file::create(utf8_name);
  return made ? std::make_unique<stream_on<std::ostream, created_file>>(*std::move(made)) : nullptr;
}

std::shared_ptr<std::istream> open_file(std::string_view utf8_name) {
  auto opened = unique_file::open(utf8_name);
  return opened ? std::make_shared<stream_on<std::istream, opened_file>>(*std::move(opened))
                : nullptr;
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
