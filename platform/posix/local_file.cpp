// SPDX-License-Identifier: MIT

// The files that local sockets are found by. Systems make one at bind and leave it to the program
// to remove it: whoever finds one must find out first whether somebody still stands behind it.

#include <algorithm>
#include <array>
#include <optional>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <platform/bsd/local_name.hpp>

#include "local.hpp"

namespace portsock::platform {
namespace {

using file_name = std::array<char, local_address::capacity + 8>;

file_name name_of(const local_address& where, std::string_view ending = {}) noexcept {
  file_name name{};
  std::ranges::copy(ending, std::ranges::copy(where.text(), name.begin()).out);
  return name;
}
file_name lock_of(const local_address& where) noexcept { return name_of(where, ".lock"); }

struct identity {
  std::uint64_t device;
  std::uint64_t number;
  mode_t mode;
  bool is_empty;

  bool is_same(const identity& other) const noexcept {
    return device == other.device && number == other.number;
  }
};

identity identity_of(const struct stat& facts) noexcept {
  return {static_cast<std::uint64_t>(facts.st_dev), static_cast<std::uint64_t>(facts.st_ino),
          facts.st_mode, facts.st_size == 0};
}
std::optional<identity> identity_at(const file_name& name) noexcept {
  struct stat facts{};
  if (::lstat(name.data(), &facts) != 0) return std::nullopt;
  return identity_of(facts);
}
std::optional<identity> identity_of(native_handle file) noexcept {
  struct stat facts{};
  if (::fstat(descriptor(file), &facts) != 0) return std::nullopt;
  return identity_of(facts);
}

/// A lock that goes with the process, whatever ends it. The file of the last one who had it may
/// have been removed meanwhile: then the lock is on a file that nobody else will find.
result<unique_handle> take_lock(const local_address& where) noexcept {
  const auto name = lock_of(where);
  for (;;) {
    // Never through a link, nor waiting at a pipe that somebody laid there.
    const int fd = uninterrupted(
        [&name](int how) noexcept { return ::open(name.data(), how, S_IRUSR | S_IWUSR); },
        O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) return std::unexpected{last_error()};
    unique_handle file{to_handle(fd)};
    if (uninterrupted(::flock, fd, LOCK_EX | LOCK_NB) != 0)
      return fail(errno == EWOULDBLOCK ? error{errc::address_in_use} : last_error());
    const auto mine = identity_of(file.get());
    const auto there = identity_at(name);
    if (mine && there && mine->is_same(*there)) return file;
  }
}

/// Only who holds the lock may remove its file, and only a file that nobody wrote to.
void give_up_lock(const local_address& where, native_handle lock) noexcept {
  const auto name = lock_of(where);
  const auto mine = identity_of(lock);
  const auto there = identity_at(name);
  if (mine && there && mine->is_same(*there) && mine->is_empty) ::unlink(name.data());
  ::close(descriptor(lock));
}

/// A socket that refuses: nobody has it open, or nobody listens. One whose queue is full does not
/// refuse on Linux, and waits, which this does not.
bool is_dead(const local_address& where, const file_name& name, kind is) noexcept {
  const auto found = identity_at(name);
  if (!found || !S_ISSOCK(found->mode)) return false;
  const auto probe = open_local(is);
  if (!probe || !set_blocking(probe->get(), false)) return false;
  const auto connected = connect_once(probe->get(), where);
  if (connected || connected.error().value() != ECONNREFUSED) return false;
  const auto still = identity_at(name);
  return still && still->is_same(*found);
}

/// Until the socket listens nobody can connect, so that nobody finds other permissions than these.
result<> permit(const file_name& name, local_access access) noexcept {
  const mode_t mode = access == local_access::owner ? S_IRUSR | S_IWUSR : 0666;
  // A C library may open the file for it, and so be interrupted.
  if (uninterrupted(::fchmodat, AT_FDCWD, name.data(), mode, AT_SYMLINK_NOFOLLOW) == 0) return {};
  if (errno != EOPNOTSUPP && errno != ENOSYS) return std::unexpected{last_error()};
  return checked(::chmod(name.data(), mode));  // a C library that cannot leave links alone
}

result<> bind_to(native_handle s, const local_address& where) noexcept {
  const local_name_room name{where};
  return checked(::bind(descriptor(s), name.name(), name.size()));
}

}  // namespace

result<detail::claim_record> bind_local(native_handle s, const local_address& where, kind is,
                                        local_bind_options wanted) noexcept {
  if (!where.is_path()) {
    if (auto bound = bind_to(s, where); !bound) return bound.failure();
    return detail::claim_record{};
  }
  auto lock = take_lock(where);
  if (!lock) return lock.failure();
  detail::local_claim locked{where, {lock->release(), 0, 0}};  // gives it up when this fails

  const auto name = name_of(where);
  auto bound = bind_to(s, where);
  if (!bound && bound.error() == errc::address_in_use && wanted.replace_stale &&
      is_dead(where, name, is) && ::unlink(name.data()) == 0)
    bound = bind_to(s, where);
  if (!bound) return bound.failure();

  const auto made = identity_at(name);
  // Somebody removed it at once.
  if (!made && errno == ENOENT) return fail(errc::address_not_available);
  if (!made) return std::unexpected{last_error()};
  locked.knows(made->device, made->number);
  if (auto permitted = permit(name, wanted.access); !permitted) return permitted.failure();
  return std::move(locked).record();
}

void release_path(const local_address& where, const detail::claim_record& record,
                  bool removes_file) noexcept {
  const auto name = name_of(where);
  const auto there = identity_at(name);
  // The number cannot have been given to another file: the socket holds this one.
  if (removes_file && there && S_ISSOCK(there->mode) && there->device == record.device &&
      there->number == record.number)
    ::unlink(name.data());
  give_up_lock(where, record.lock);
}

}  // namespace portsock::platform
