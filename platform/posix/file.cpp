// SPDX-License-Identifier: MIT
#include <algorithm>

#include <fcntl.h>
#include <sys/stat.h>

#include <platform/contract.hpp>

#include "native.hpp"
#include "transfer.hpp"

namespace portsock::platform {
namespace {

constexpr int descriptor_of(file_handle file) noexcept { return static_cast<int>(file); }

/// No byte beyond what a size that is negative could say (read(2), write(2)).
constexpr std::size_t at_most(std::size_t size) noexcept {
  return (std::min)(size, std::size_t{0x7ffff000});
}

/// What a pipe takes at once when poll says that it has room (pipe(7)).
constexpr std::size_t pipe_room = 4096;

bool is_pipe(int fd) noexcept {
  struct stat facts;
  return ::fstat(fd, &facts) == 0 && S_ISFIFO(facts.st_mode);
}

}  // namespace

result<unique_file> open_file(const std::string& path, file_use use) {
  const int flags = use == file_use::read ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC;
  const int fd = uninterrupted(
      [&path](int how) noexcept { return ::open(path.c_str(), how | O_CLOEXEC, 0666); }, flags);
  if (fd < 0) return std::unexpected{last_error()};
  unique_file made{file_handle{fd}};
  struct stat facts;
  if (::fstat(fd, &facts) != 0) return std::unexpected{last_error()};
  // It can be opened, but not read; Windows refuses at once.
  if (S_ISDIR(facts.st_mode)) return std::unexpected{system_error(EISDIR)};
  return made;
}

void close(file_handle file) noexcept { ::close(descriptor_of(file)); }

result<std::uint64_t> size_of(file_handle file) noexcept {
  struct stat facts;
  if (::fstat(descriptor_of(file), &facts) != 0) return std::unexpected{last_error()};
  if (!S_ISREG(facts.st_mode)) return fail(errc::not_supported);
  return static_cast<std::uint64_t>(facts.st_size);
}

result<std::uint64_t> position(file_handle file) noexcept {
  const auto at = ::lseek(descriptor_of(file), 0, SEEK_CUR);
  if (at < 0) return std::unexpected{last_error()};
  // Terminals answer 0, whatever was read.
  if (::isatty(descriptor_of(file)) != 0) return fail(errc::not_supported);
  return static_cast<std::uint64_t>(at);
}

void set_position(file_handle file, std::uint64_t at) noexcept {
  ::lseek(descriptor_of(file), static_cast<off_t>(at), SEEK_SET);
}

result<std::size_t> read(file_handle file, mutable_bytes room,
                         std::optional<std::uint64_t> offset) noexcept {
  const auto size = at_most(room.size());
  if (!offset) return counted(uninterrupted(::read, descriptor_of(file), room.data(), size));
  return counted(
      uninterrupted(::pread, descriptor_of(file), room.data(), size, static_cast<off_t>(*offset)));
}

result<std::size_t> write(file_handle file, const_bytes data, bool waits) noexcept {
  auto size = at_most(data.size());
  if (!waits && is_pipe(descriptor_of(file))) size = (std::min)(size, pipe_room);
  return counted(
      uninterrupted(write_once, descriptor_of(file), static_cast<const void*>(data.data()), size));
}

}  // namespace portsock::platform
