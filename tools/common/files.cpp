// SPDX-License-Identifier: MIT
#include <tools/common/files.hpp>

#include <filesystem>
#include <iterator>
#include <system_error>

namespace portsock::tools {
namespace {

std::filesystem::path native(std::string_view utf8_name) {
  return std::u8string{utf8_name.begin(), utf8_name.end()};
}

}  // namespace

std::shared_ptr<std::ifstream> open_file(std::string_view utf8_name) {
  auto file = std::make_shared<std::ifstream>(native(utf8_name), std::ios::binary);
  file->peek();  // a folder, for example, opens but cannot be read
  return file->is_open() && !file->bad() ? file : nullptr;
}

bool is_regular(std::string_view utf8_name) {
  std::error_code trouble;
  return std::filesystem::is_regular_file(native(utf8_name), trouble);
}

std::optional<std::string> read_whole_file(std::string_view utf8_name) {
  const auto file = open_file(utf8_name);
  if (!file) return std::nullopt;
  file->clear();  // an empty file has ended already
  std::string content{std::istreambuf_iterator<char>{*file}, {}};
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
