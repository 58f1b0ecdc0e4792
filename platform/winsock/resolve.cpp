// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <new>

#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "native.hpp"
#include "readable_event.hpp"
#include "system.hpp"
#include "utf8.hpp"

namespace portsock::platform {
namespace {

error resolver_error(int code) noexcept {
  const auto* row = find_error(error_domain::resolver, code);
  return {code, error_domain::resolver, row ? row->meaning : errc::name_service_failed};
}

// A concrete type, as everywhere: without one the service would be looked up for TCP and UDP alike.
// AI_ADDRCONFIG is not asked for: it makes "localhost" unknown on a machine that is offline.
template <class Hints>
Hints hints_for(transport over, std::optional<family> only) noexcept {
  Hints hints{};
  hints.ai_family = only ? native_family(*only) : AF_UNSPEC;
  hints.ai_socktype = over == transport::tcp ? SOCK_STREAM : SOCK_DGRAM;
  hints.ai_protocol = over == transport::tcp ? IPPROTO_TCP : IPPROTO_UDP;
  return hints;
}

/// mingw-w64 10 misspells the type of the pointer in one of the two kinds of list.
template <class Entry>
const Entry* behind(const Entry& entry) noexcept {
  const void* next = entry.ai_next;
  return static_cast<const Entry*>(next);
}

template <class Entry>
result<std::vector<endpoint>> endpoints_in(const Entry* list) {
  std::vector<endpoint> found;
  for (const auto* entry = list; entry != nullptr; entry = behind(*entry)) {
    if (!family_of(entry->ai_family)) continue;
    const auto where = to_endpoint(entry->ai_addr);
    if (std::ranges::find(found, where) == found.end()) found.push_back(where);
  }
  if (found.empty()) return fail(errc::host_not_found);
  return found;
}

/// A question that the system works on, and writes its answer into, when nobody may wait for it any
/// more: the last of the two that it belongs to destroys it.
struct inquiry {
  OVERLAPPED operation{};  // first: what the system knows it by
  std::atomic<int> owners = 2;
  ADDRINFOEXW* answer = nullptr;
  DWORD code = 0;
  std::unique_ptr<void, decltype(&::CloseHandle)> done{
      ::CreateEventW(nullptr, TRUE, FALSE, nullptr), &::CloseHandle};

  ~inquiry() {
    if (answer != nullptr) ::FreeAddrInfoExW(answer);
  }
  static void let_go(inquiry* mine) noexcept {
    if (mine->owners.fetch_sub(1) == 1) delete mine;
  }
  static void CALLBACK completed(DWORD code, DWORD, LPWSAOVERLAPPED operation) {
    auto* const mine = reinterpret_cast<inquiry*>(operation);
    mine->code = code;
    ::SetEvent(mine->done.get());
    let_go(mine);
  }
};

/// Until it is answered; errc::timed_out, cancelled.
result<> wait_for(const inquiry& asked, deadline until) noexcept {
  const readable_event cancelled{until.cancel_handle()};
  const std::array<HANDLE, 2> events{asked.done.get(), cancelled.get()};
  const DWORD count = cancelled.get() != nullptr ? 2 : 1;
  for (;;) {
    const auto left = static_cast<DWORD>(milliseconds_left(until));
    const auto which = ::WaitForMultipleObjects(count, events.data(), FALSE, left);
    if (which == WAIT_OBJECT_0) return {};
    if (which == WAIT_OBJECT_0 + 1) return fail(errc::cancelled);
    if (which == WAIT_FAILED) return std::unexpected{last_error()};
    if (left == 0) return fail(errc::timed_out);
  }
}

/// The system tells the other owner at once. Wine has no such call; it tells when it is done.
void give_up(HANDLE question) noexcept {
  using cancelling = INT WSAAPI(HANDLE*);  // since Windows 8; not in the headers of mingw-w64 10
  static auto* const call = find_function<cancelling>(L"ws2_32", "GetAddrInfoExCancel");
  if (call != nullptr) call(&question);
}

}  // namespace

result<std::vector<endpoint>> resolve(const std::string& host, const std::string& service,
                                      transport over, std::optional<family> only) {
  if (auto started = start(); !started) return started.failure();
  // The narrow call takes the process's code page, which nobody here knows.
  const auto hints = hints_for<ADDRINFOW>(over, only);
  const auto wide_host = to_wide(host);
  const auto wide_service = to_wide(service);
  ADDRINFOW* answer = nullptr;
  const int code = ::GetAddrInfoW(
      wide_host.c_str(), service.empty() ? nullptr : wide_service.c_str(), &hints, &answer);
  if (code != 0) return std::unexpected{resolver_error(code)};

  const std::unique_ptr<ADDRINFOW, decltype(&::FreeAddrInfoW)> list{answer, &::FreeAddrInfoW};
  return endpoints_in(list.get());
}

result<std::vector<endpoint>> resolve_within(const std::string& host, const std::string& service,
                                             transport over, std::optional<family> only,
                                             deadline until) {
  if (auto started = start(); !started) return started.failure();
  const auto let_go = [](inquiry* mine) noexcept { inquiry::let_go(mine); };
  const std::unique_ptr<inquiry, decltype(let_go)> asked{new (std::nothrow) inquiry, let_go};
  if (!asked || !asked->done) return fail(errc::no_memory);

  const auto hints = hints_for<ADDRINFOEXW>(over, only);
  const auto wide_host = to_wide(host);
  const auto wide_service = to_wide(service);
  HANDLE question = nullptr;
  const int code = ::GetAddrInfoExW(
      wide_host.c_str(), service.empty() ? nullptr : wide_service.c_str(), NS_ALL, nullptr, &hints,
      &asked->answer, nullptr, &asked->operation,
      reinterpret_cast<LPLOOKUPSERVICE_COMPLETION_ROUTINE>(inquiry::completed), &question);
  if (code != WSA_IO_PENDING) {
    inquiry::let_go(asked.get());  // nobody will call for the other owner
    if (code == 0) return endpoints_in(asked->answer);
    // Before Windows 8 it does nothing by itself.
    if (code == WSAEINVAL || code == WSAEOPNOTSUPP) return fail(errc::not_supported);
    return std::unexpected{resolver_error(code)};
  }
  if (const auto came = wait_for(*asked, until); !came) {
    give_up(question);
    return came.failure();
  }
  if (asked->code != 0) return std::unexpected{resolver_error(static_cast<int>(asked->code))};
  return endpoints_in(asked->answer);
}

}  // namespace portsock::platform
