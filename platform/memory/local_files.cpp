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
  static const auto made =
      std::to_string(process_id()) + "." +
      std::to_string(std::chrono::system_clock::now().time_since_epoch().count()) + ".";
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

file_facts facts_of(const local_address& where) {
  std::error_code trouble;
  // Another kind of file may keep who opens it waiting.
  if (!fs::is_regular_file(path_of(where), trouble)) return {};
  const auto file = open_file(std::string{where.text()}, file_use::read);
  if (!file) return {};
  std::array<char, 128> bytes;
  const auto size = read(file->get(), std::as_writable_bytes(std::span{bytes}), 0);
  if (!size) return {};
  std::string_view text{bytes.data(), *size};
  if (!text.starts_with(mark)) return {};
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

socket_ref local_socket_at(const local_address& where) {
  auto found = living(facts_of(where).serial);
  return found && found->home == host_here() ? found : nullptr;
}

result<> make_local_file(const socket_ref& socket, const local_address& where,
                         local_bind_options wanted) {
  const auto path = path_of(where);
  std::error_code trouble;
  if (fs::symlink_status(path, trouble).type() != fs::file_type::not_found) {
    const auto there = facts_of(where);
    if (!wanted.replace_stale || !there.is_socket || living(there.serial))
      return refuse(errc::address_in_use);
    fs::remove(path, trouble);
  }
  const auto file = open_file(std::string{where.text()}, file_use::write);
  if (!file) return file.failure();
  if (const auto written = write_mark(*file, socket->serial); !written) return written;
  using fs::perms;
  const auto own = perms::owner_read | perms::owner_write;
  const auto others =
      perms::group_read | perms::group_write | perms::others_read | perms::others_write;
  fs::permissions(path, wanted.access == local_access::owner ? own : own | others, trouble);
  std::erase_if(all_named(), [](const auto& each) { return each.second.expired(); });
  all_named()[socket->serial] = socket;
  return {};
}

void remove_local_file(std::uint64_t serial, const local_address& where) {
  std::error_code trouble;
  if (facts_of(where).serial == serial) fs::remove(path_of(where), trouble);
}

}  // namespace portsock::platform::memory
