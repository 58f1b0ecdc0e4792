// SPDX-License-Identifier: MIT
#include <tests/support/files.hpp>

#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>

namespace portsock::tests {
namespace {

std::filesystem::path new_folder() {
  std::random_device random;
  for (;;) {
    auto made = std::filesystem::temp_directory_path() /
                ("portsock." + std::to_string(random()) + std::to_string(random()));
    if (std::filesystem::create_directory(made)) return made;
  }
}

}  // namespace

temporary_file::temporary_file(std::string_view name)
    : path_{new_folder() / std::filesystem::path{std::u8string{name.begin(), name.end()}}} {}

temporary_file::temporary_file(const_bytes content) : temporary_file{} { append(content); }

temporary_file::~temporary_file() {
  std::error_code ignored;
  std::filesystem::remove_all(path_.parent_path(), ignored);
}

std::string temporary_file::path() const {
  const auto utf8 = path_.u8string();
  return {utf8.begin(), utf8.end()};
}

void temporary_file::append(const_bytes bytes) const {
  std::ofstream out{path_, std::ios::binary | std::ios::app};
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) throw std::runtime_error{"the test cannot write its file"};
}

std::vector<std::byte> temporary_file::content() const {
  std::ifstream in{path_, std::ios::binary};
  std::vector<std::byte> all;
  for (std::istreambuf_iterator<char> at{in}, end; at != end; ++at)
    all.push_back(static_cast<std::byte>(*at));
  return all;
}

void temporary_file::resize(std::uint64_t size) const { std::filesystem::resize_file(path_, size); }

bool temporary_file::make_sparse(std::uint64_t size) const {
  // Not by resize_file, of which libc++ for Windows keeps the lower 32 bits.
  std::ofstream file{path_, std::ios::binary};
  file.seekp(static_cast<std::streamoff>(size - 1));
  file.put('\0');
  file.close();
  std::error_code refusal;
  return file && std::filesystem::file_size(path_, refusal) == size;
}

}  // namespace portsock::tests
