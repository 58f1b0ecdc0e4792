// SPDX-License-Identifier: MIT
#include <portsock/file.hpp>

#include <platform/contract.hpp>

namespace portsock {
namespace {

result<unique_file> open_as(std::string_view path, platform::file_use use) {
  // The systems' paths end at a zero byte, and the file before it is not the one that was meant.
  if (path.find('\0') != path.npos) return fail(errc::invalid_argument);
  return platform::open_file(std::string{path}, use);
}

}  // namespace

result<unique_file> unique_file::open(std::string_view path) {
  return open_as(path, platform::file_use::read);
}
result<unique_file> unique_file::create(std::string_view path) {
  return open_as(path, platform::file_use::write);
}

// To Windows the value of no handle is the process, as a file without a size.
result<std::size_t> unique_file::read(mutable_bytes buffer) noexcept {
  if (!*this) return fail(errc::bad_handle);
  return platform::read(handle_, buffer, std::nullopt);
}
result<std::size_t> unique_file::read_at(mutable_bytes buffer,
                                         std::uint64_t offset) const noexcept {
  if (!*this) return fail(errc::bad_handle);
  return platform::read(handle_, buffer, offset);
}
result<std::size_t> unique_file::write(const_bytes data) noexcept {
  if (!*this) return fail(errc::bad_handle);
  return platform::write(handle_, data, true);
}

result<std::uint64_t> unique_file::size() const noexcept {
  if (!*this) return fail(errc::bad_handle);
  return platform::size_of(handle_);
}

void unique_file::close(file_handle handle) noexcept { platform::close(handle); }

}  // namespace portsock
