// SPDX-License-Identifier: MIT

// WSAPoll, in the library's words, and select for what WSAPoll cannot say.

#include <algorithm>

#include <platform/bsd/poll.hpp>
#include <platform/contract.hpp>

#include "native.hpp"
#include "system.hpp"

namespace portsock::platform {
namespace {

/// Milliseconds of one part of a wait that not everything it waits for can end.
constexpr int slice = 20;

constexpr int at_most(int most, int left) noexcept { return left < 0 || left > most ? most : left; }

bool asks_to_send(const poll_entry& entry) noexcept { return (entry.events & POLLWRNORM) != 0; }

/// WSAPoll reports failed connects since Windows 10 2004 (Microsoft Learn, WSAPoll) and said
/// nothing before. GetVersionEx answers what a program's manifest wishes to hear, so the kernel is
/// asked.
bool misses_failed_connects() noexcept {
  static const bool is_old = [] {
    OSVERSIONINFOW version{};
    version.dwOSVersionInfoSize = sizeof version;
    auto* ask = find_function<LONG WINAPI(OSVERSIONINFOW*)>(L"ntdll", "RtlGetVersion");
    if (ask == nullptr || ask(&version) != 0) return true;
    return version.dwBuildNumber < 19041;
  }();
  return is_old;
}

/// exceptfds shows urgent data too; only a failed connect leaves an error behind, and reading it
/// does not take it away.
bool has_failed(SOCKET s) noexcept { return take_error(to_handle(s)).has_value(); }

bool contains(const fd_set& set, SOCKET s) noexcept {
  return std::find(set.fd_array, set.fd_array + set.fd_count, s) != set.fd_array + set.fd_count;
}

/// Asks select, for at most `wait` milliseconds, about those of at most FD_SETSIZE entries that ask
/// to send. It tells room from a hang-up, and knows a failed connect on every version.
void select_senders(std::span<poll_entry> entries, int wait) noexcept {
  fd_set room;
  room.fd_count = 0;
  for (const auto& entry : entries)
    if (asks_to_send(entry)) room.fd_array[room.fd_count++] = entry.fd;
  auto failed = room;
  timeval time{0, wait * 1000};
  const int answers =
      room.fd_count != 0 ? ::select(0, nullptr, &room, &failed, &time) : SOCKET_ERROR;
  if (answers < 0) ::Sleep(static_cast<DWORD>(wait));  // it refuses empty sets and bad handles
  if (answers <= 0) return;
  for (auto& entry : entries) {
    if (!asks_to_send(entry)) continue;
    if (contains(room, entry.fd)) entry.revents = static_cast<SHORT>(entry.revents | POLLWRNORM);
    if (contains(failed, entry.fd) && has_failed(entry.fd))
      entry.revents = static_cast<SHORT>(entry.revents | POLLERR | POLLHUP | POLLWRNORM);
  }
}

/// Forgets hang-ups that nobody asked about: the peer's end of the stream says nothing to who wants
/// to send, and stays. Whether anything is left.
bool settle(std::span<poll_entry> entries) noexcept {
  bool answered = false;
  for (auto& entry : entries) {
    if (entry.revents == POLLHUP && (entry.events & POLLRDNORM) == 0) entry.revents = 0;
    answered = answered || entry.revents != 0;
  }
  return answered;
}

/// select_senders, in portions. Only the first waits.
bool look_again(std::span<poll_entry> entries, int wait) noexcept {
  while (!entries.empty()) {
    const auto portion = entries.first((std::min)(entries.size(), std::size_t{FD_SETSIZE}));
    select_senders(portion, wait);
    if (settle(portion)) return true;
    entries = entries.subspan(portion.size());
    wait = 0;
  }
  return false;
}

void sleep_until(deadline until) noexcept {
  for (int left = milliseconds_left(until); left != 0; left = milliseconds_left(until))
    ::Sleep(static_cast<DWORD>(left));
}

}  // namespace

poll_entry entry_for(native_handle s, interest wanted) noexcept {
  const auto wants = [wanted](interest part) {
    return (static_cast<int>(wanted) & static_cast<int>(part)) != 0;
  };
  // Nothing else may be asked for: POLLPRI, POLLERR or POLLHUP fail the whole call (Microsoft
  // Learn, WSAPoll).
  const int events =
      (wants(interest::receive) ? POLLRDNORM : 0) | (wants(interest::send) ? POLLWRNORM : 0);
  return {descriptor(s), static_cast<SHORT>(events), 0};
}

result<> poll(std::span<poll_entry> entries, deadline until) noexcept {
  if (entries.empty()) {  // which WSAPoll refuses
    sleep_until(until);
    return {};
  }
  const bool in_slices = misses_failed_connects() && std::ranges::any_of(entries, asks_to_send);
  for (;;) {
    const int left = milliseconds_left(until);
    const int answers = ::WSAPoll(entries.data(), static_cast<ULONG>(entries.size()),
                                  in_slices ? at_most(slice, left) : left);
    if (answers < 0) {
      const auto reason = last_error();
      if (reason != errc::not_a_socket) return std::unexpected{reason};
      // None of them is a socket. If one were, the others would say so each for itself.
      for (auto& entry : entries) entry.revents = POLLNVAL;
      return {};
    }
    if (settle(entries)) return {};
    // WSAPoll returns at once as long as a peer has hung up, also when only room is waited for.
    const bool hangs_up = answers > 0;
    if ((hangs_up || in_slices) && look_again(entries, hangs_up ? at_most(slice, left) : 0))
      return {};
    if (left == 0) return {};
    // Timers of Windows may ring up to a tick early; so another round for what is left.
  }
}

readiness readiness_of(const poll_entry& entry, std::uint64_t token) noexcept {
  // A hang-up is read as the end of the stream, and says so without POLLRDNORM.
  const bool failed = (entry.revents & (POLLERR | POLLNVAL)) != 0;
  const bool over = failed || (entry.revents & POLLHUP) != 0;
  const auto asked = [&entry](bool anyway, int what) {
    return (entry.revents & what) != 0 || (anyway && (entry.events & what) != 0);
  };
  return {token, asked(over, POLLRDNORM) || over, asked(failed, POLLWRNORM), failed, over};
}

}  // namespace portsock::platform
