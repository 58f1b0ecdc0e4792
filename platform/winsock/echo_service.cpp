// SPDX-License-Identifier: MIT

// The echo functions of iphlpapi, which anybody may use: each request is a call under way, with an
// event that tells of its answer.

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <new>

#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "echo_answer.hpp"
#include "native.hpp"
#include "readable_event.hpp"
#include "system.hpp"

// clang-format off
#include <iphlpapi.h>
#include <icmpapi.h>
// clang-format on

namespace portsock::platform {
namespace {

/// After this many milliseconds the system gives a request up, and its place is free again.
constexpr DWORD longest_wait = 10'000;
/// What IcmpSendEcho2 takes.
constexpr std::size_t largest_payload = 65'500;
/// WaitForMultipleObjects waits for 64 at most, of which one is the canceller.
constexpr std::size_t most_requests = 60;

using event_owner = std::unique_ptr<void, decltype(&::CloseHandle)>;

/// One request. While it is under way the system reads and writes its memory.
struct pending {
  event_owner answered{nullptr, &::CloseHandle};
  std::unique_ptr<std::byte[]> memory;  ///< the answer's room, then the payload; none: free
  icmp::echo echo;
  ip_address peer;

  bool is_free() const noexcept { return !memory; }
  mutable_bytes room() const noexcept { return {memory.get(), answer_size(echo.payload.size())}; }
};

result<> prepare(pending& request, const icmp::echo& echo, const ip_address& peer) noexcept {
  if (!request.answered) request.answered.reset(::CreateEventW(nullptr, TRUE, FALSE, nullptr));
  if (!request.answered) return std::unexpected{last_error()};
  ::ResetEvent(request.answered.get());
  const auto room = answer_size(echo.payload.size());
  request.memory.reset(new (std::nothrow) std::byte[room + echo.payload.size()]);
  if (!request.memory) return fail(errc::no_memory);
  auto* payload = request.memory.get() + room;
  std::ranges::copy(echo.payload, payload);
  request.echo = {echo.identifier, echo.sequence, {payload, echo.payload.size()}};
  request.peer = peer;
  return {};
}

}  // namespace

class echo_service {
 public:
  echo_service(family wanted, HANDLE icmp) noexcept : of{wanted}, icmp_{icmp} {}
  ~echo_service();
  echo_service(const echo_service&) = delete;
  echo_service& operator=(const echo_service&) = delete;

  pending* free_place() noexcept {
    const auto place = std::ranges::find_if(requests_, &pending::is_free);
    return place == requests_.end() ? nullptr : &*place;
  }
  /// 0 and a last error, or the number of answers.
  DWORD begin(pending& request) const noexcept;
  /// The next request that is done with.
  result<pending*> wait(deadline until) noexcept;

  const family of;
  std::uint8_t hops = 128;
  std::optional<ip_address> local;

 private:
  HANDLE icmp_;
  std::array<pending, most_requests> requests_;
};

echo_service::~echo_service() {
  ::CancelIoEx(icmp_, nullptr);
  ::IcmpCloseHandle(icmp_);
  for (auto& request : requests_) {
    if (request.is_free()) continue;
    // What the system does not let go of is left to it: rather a leak than foreign bytes in memory
    // that is somebody else's by then.
    if (::WaitForSingleObject(request.answered.get(), 1000) != WAIT_OBJECT_0)
      static_cast<void>(request.memory.release());
  }
}

DWORD echo_service::begin(pending& request) const noexcept {
  IP_OPTION_INFORMATION options{};
  options.Ttl = hops;
  const auto payload = request.echo.payload;
  const auto size = static_cast<WORD>(payload.size());
  auto* data = const_cast<std::byte*>(payload.data());  // it is read alone
  const auto room = request.room();
  const auto room_size = static_cast<DWORD>(room.size());

  if (of == family::v6) {
    sockaddr_in6 from{}, to{};
    const native_endpoint from_name{endpoint{local.value_or(ipv6_address::any())}};
    const native_endpoint to_name{endpoint{request.peer}};
    std::memcpy(&from, from_name.data(), sizeof from);
    std::memcpy(&to, to_name.data(), sizeof to);
    return ::Icmp6SendEcho2(icmp_, request.answered.get(), nullptr, nullptr, &from, &to, data, size,
                            &options, room.data(), room_size, longest_wait);
  }
  const auto to = to_native(std::get<ipv4_address>(request.peer)).s_addr;
  if (!local)
    return ::IcmpSendEcho2(icmp_, request.answered.get(), nullptr, nullptr, to, data, size,
                           &options, room.data(), room_size, longest_wait);
  // Since Windows Vista SP1; not in the headers of mingw-w64 10.
  using send_from = DWORD WINAPI(HANDLE, HANDLE, void*, void*, IPAddr, IPAddr, void*, WORD,
                                 IP_OPTION_INFORMATION*, void*, DWORD, DWORD);
  static auto* const call = find_function<send_from>(L"iphlpapi", "IcmpSendEcho2Ex");
  ::SetLastError(ERROR_NOT_SUPPORTED);
  if (call == nullptr) return 0;
  return call(icmp_, request.answered.get(), nullptr, nullptr,
              to_native(std::get<ipv4_address>(*local)).s_addr, to, data, size, &options,
              room.data(), room_size, longest_wait);
}

result<pending*> echo_service::wait(deadline until) noexcept {
  std::array<HANDLE, most_requests + 1> events;
  std::array<pending*, most_requests> waiting;
  DWORD count = 0;
  for (auto& request : requests_)
    if (!request.is_free()) {
      waiting[count] = &request;
      events[count++] = request.answered.get();
    }
  const auto requests = count;
  readable_event cancelled{until.cancel_handle()};
  if (cancelled.get() != nullptr) events[count++] = cancelled.get();

  for (;;) {
    const auto left = static_cast<DWORD>(milliseconds_left(until));
    if (count == 0) {
      ::Sleep(left);  // for what cannot come
    } else {
      const auto which = ::WaitForMultipleObjects(count, events.data(), FALSE, left);
      if (which < requests) return waiting[which];
      if (which < count) return fail(errc::cancelled);
      if (which == WAIT_FAILED) return std::unexpected{last_error()};
    }
    if (left == 0) return fail(errc::timed_out);
  }
}

void echo_service_deleter::operator()(echo_service* service) const noexcept { delete service; }

result<std::unique_ptr<echo_service, echo_service_deleter>> open_echo_service(family of) noexcept {
  const auto icmp = of == family::v4 ? ::IcmpCreateFile() : ::Icmp6CreateFile();
  if (icmp == INVALID_HANDLE_VALUE) return std::unexpected{last_error()};
  std::unique_ptr<echo_service, echo_service_deleter> made{new (std::nothrow)
                                                               echo_service{of, icmp}};
  if (made) return made;
  ::IcmpCloseHandle(icmp);
  return fail(errc::no_memory);
}

result<> set_hop_limit(echo_service& service, int hops) noexcept {
  if (hops < 1 || hops > 255) return fail(errc::invalid_argument);
  service.hops = static_cast<std::uint8_t>(hops);
  return {};
}

result<> bind(echo_service& service, const ip_address& local) noexcept {
  if (family_of(local) != service.of) return fail(errc::invalid_argument);
  service.local = local;
  return {};
}

result<> send(echo_service& service, const icmp::echo_request& request,
              const ip_address& peer) noexcept {
  if (family_of(peer) != service.of) return fail(errc::invalid_argument);
  if (request.payload.size() > largest_payload) return fail(errc::message_too_large);
  auto* place = service.free_place();
  if (place == nullptr) return fail(errc::would_block);
  if (auto prepared = prepare(*place, request, peer); !prepared) return prepared;
  if (service.begin(*place) != 0) {
    ::SetEvent(place->answered.get());  // the answer is there already
    return {};
  }
  const auto status = ::GetLastError();
  if (status == ERROR_IO_PENDING) return {};
  place->memory.reset();
  return fail(echo_error(status));
}

result<icmp_event> receive(echo_service& service, mutable_bytes buffer, deadline until) noexcept {
  for (;;) {
    const auto done = service.wait(until);
    if (!done) return done.failure();
    const auto arrival = deadline::clock::now();
    auto& request = **done;

    auto answer = read_answer(service.of, request.room(), request.echo.payload.size());
    const auto source = answer.status == IP_SUCCESS ? answer.payload : request.echo.payload;
    const auto kept = buffer.first((std::min)(source.size(), buffer.size()));
    std::ranges::copy(source.first(kept.size()), kept.begin());
    const auto message = message_of(
        answer, service.of, {request.echo.identifier, request.echo.sequence, kept}, request.peer);
    const auto size = icmp::header_size + answer.payload.size();
    request.memory.reset();

    if (message) return icmp_event{answer.from, *message, size, answer.hop_limit, arrival};
    if (answer.status != IP_REQ_TIMED_OUT) return fail(echo_error(answer.status));
  }
}

}  // namespace portsock::platform
