// SPDX-License-Identifier: MIT

// The files that local sockets are found by. There are no hosts to have file systems, so they are
// the process's; a file says which socket it is of, and so is found by whatever name it has. What
// another process has living there cannot be seen, and is taken for dead.

#include "local.hpp"

#include <charconv>
#include <filesystem>
#include <map>

#include "host_system.hpp"

namespace portsock::platform::memory {
namespace {

namespace fs = std::filesystem;

fs::path path_of(const local_address& where) {
  const auto text = where.text();
  return std::u8string{text.begin(), text.end()};
}

constexpr std::string_view mark = "socket of portsock::memory ";

/// Tells this process from those before it that had its number.
const std::string& owner() {
  static const auto& made = *new std::string{
      std::to_string(process_id()) + "." +
      std::to_string(std::chrono::system_clock::now().time_since_epoch().count()) + "."};
  return made;
}

std::map<std::uint64_t, std::weak_ptr<socket_object>>& all_named() {
  static auto& made = *new std::map<std::uint64_t, std::weak_ptr<socket_object>>;
  return made;
}

struct file_facts {
  bool is_socket = false;
  std::uint64_t serial = 0;  ///< of one of this process
};

/// errc::not_found, access_denied, and what else a file says of itself.
result<file_facts> file_facts_of(const local_address& where) {
  std::error_code trouble;
  const auto type = fs::status(path_of(where), trouble).type();
  // Another kind of file may keep who opens it waiting. What cannot be looked at says why itself.
  if (type != fs::file_type::regular && type != fs::file_type::not_found &&
      type != fs::file_type::none)
    return file_facts{};
  const auto file = open_file(std::string{where.text()}, file_use::read);
  if (!file) return file.failure();
  std::array<char, 128> bytes;
  const auto size = read(file->get(), std::as_writable_bytes(std::span{bytes}), 0);
  if (!size) return size.failure();
  std::string_view text{bytes.data(), *size};
  if (!text.starts_with(mark)) return file_facts{};
  text.remove_prefix(mark.size());
  file_facts found{.is_socket = true};
  if (!text.starts_with(owner())) return found;
  text.remove_prefix(owner().size());
  std::from_chars(text.data(), text.data() + text.size(), found.serial);
  return found;
}

socket_ref living(std::uint64_t serial) {
  const auto known = all_named().find(serial);
  if (known == all_named().end()) return nullptr;
  auto found = known->second.lock();
  if (found && found->handles != 0) return found;
  all_named().erase(known);
  return nullptr;
}

result<> write_mark(const unique_file& file, std::uint64_t serial) {
  const auto text = std::string{mark} + owner() + std::to_string(serial) + "\n";
  for (auto left = as_bytes(text); !left.empty();) {
    const auto written = write(file.get(), left, true);
    if (!written) return written.failure();
    left = left.subspan(*written);
  }
  return {};
}

}  // namespace

result<socket_ref> local_socket_at(const local_address& where, std::size_t home) {
  const auto there = file_facts_of(where);
  if (!there && !(there.error() == errc::not_found)) return there.failure();
  auto found = living(there ? there->serial : 0);
  if (!found || found->home != home) return refuse(errc::connection_refused);
  return found;
}

result<> make_local_file(const socket_ref& socket, const local_address& where,
                         local_bind_options wanted) {
  const auto path = path_of(where);
  std::error_code trouble;
  if (const auto there = fs::symlink_status(path, trouble); fs::exists(there)) {
    // Only what is a dead socket itself gives way, and no link to one.
    const auto facts = file_facts_of(where);
    const bool is_dead = fs::is_regular_file(there) && facts && facts->is_socket &&
                         !living(facts->serial) && wanted.replace_stale;
    if (!is_dead || !fs::remove(path, trouble)) return refuse(errc::address_in_use);
  }
  const auto file = open_file(std::string{where.text()}, file_use::write);
  if (!file) return file.failure();
  auto made = write_mark(*file, socket->serial);
  if (made) {
    using fs::perms;
    const auto own = perms::owner_read | perms::owner_write;
    const auto others =
        perms::group_read | perms::group_write | perms::others_read | perms::others_write;
    fs::permissions(path, wanted.access == local_access::owner ? own : own | others, trouble);
    if (trouble) made = refuse(errc::access_denied);
  }
  if (!made) {
    fs::remove(path, trouble);
    return made;
  }
  std::erase_if(all_named(), [](const auto& each) { return each.second.expired(); });
  all_named()[socket->serial] = socket;
  return {};
}

void remove_local_file(std::uint64_t serial, const local_address& where) {
  std::error_code trouble;
  if (const auto there = file_facts_of(where); there && there->serial == serial)
    fs::remove(path_of(where), trouble);
}

}  // namespace portsock::platform::memory
