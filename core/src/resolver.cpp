// SPDX-License-Identifier: MIT
#include <portsock/resolver.hpp>

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <portsock/interfaces.hpp>
#include <portsock/waker.hpp>

#include "idna.hpp"
#include "waits.hpp"

namespace portsock {
namespace {

using endpoints = result<std::vector<endpoint>>;

struct question {
  std::string host;     // an A-label name, or empty for an address that is known
  std::string service;  // a name, or empty for a port that is known
  transport over;
  std::optional<family> only;
};

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Whether systems would take the name's last label for a number, in whatever notation ("127.1",
/// "0x7f000001"), as the URL standard asks. A strict parser has refused it already.
bool ends_in_a_number(std::string_view host) noexcept {
  if (host.ends_with('.')) host.remove_suffix(1);
  const auto last = host.substr(host.rfind('.') + 1);
  if (last.empty()) return false;
  if (std::ranges::all_of(last, is_digit)) return true;
  const bool hexadecimal = last.starts_with("0x") || last.starts_with("0X");
  return hexadecimal && std::ranges::all_of(last.substr(2), [](char c) {
           return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

/// An address in text; its zone may be a name of this host's.
result<std::optional<ip_address>> address_in(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    if (host.find(':') == host.npos) return fail(errc::invalid_argument);
  }
  if (const auto address = parse_address(host)) return address;
  const auto percent = host.find('%');
  if (percent != host.npos) {
    auto address = parse_ipv6(host.substr(0, percent));
    const auto zone = host.substr(percent + 1);
    if (!address || zone.empty()) return fail(errc::invalid_argument);
    const auto index = interface_index(zone);
    if (!index) return index.failure();
    address->scope = *index;
    return ip_address{*address};
  }
  // Only addresses have colons, and it is none.
  if (host.find(':') != host.npos || ends_in_a_number(host)) return fail(errc::invalid_argument);
  return std::nullopt;
}

endpoints ask(const question& asked) {
  return platform::resolve(asked.host, asked.service, asked.over, asked.only);
}

/// What the thread that asks and the caller that may leave have in common.
struct inquiry {
  inquiry(question what, waker made) noexcept : asked{std::move(what)}, done{std::move(made)} {}

  question asked;
  std::mutex guard;
  endpoints found = fail(errc::timed_out);
  waker done;
};

void inquire(void* argument) noexcept {
  const std::unique_ptr<std::shared_ptr<inquiry>> owner{
      static_cast<std::shared_ptr<inquiry>*>(argument)};
  auto& shared = **owner;
  auto found = ask(shared.asked);
  const std::lock_guard lock{shared.guard};
  shared.found = std::move(found);
  shared.done.wake();
}

/// Asks on a thread of its own, so that the caller can leave.
endpoints ask_on_a_thread(const question& asked, deadline until) {
  auto done = waker::create();
  if (!done) return done.failure();
  const auto shared = std::make_shared<inquiry>(asked, std::move(*done));
  auto argument = std::make_unique<std::shared_ptr<inquiry>>(shared);
  if (auto started = platform::start_thread(inquire, argument.get()); !started)
    return started.failure();
  static_cast<void>(argument.release());
  if (auto came = detail::await(shared->done.native(), interest::receive, until); !came)
    return came.failure();
  const std::lock_guard lock{shared->guard};
  return std::move(shared->found);
}

endpoints answer_to(const question& asked, deadline until) {
  if (detail::waits_for_ever(until)) return ask(asked);
  auto found = platform::resolve_within(asked.host, asked.service, asked.over, asked.only, until);
  if (!found && found.error() == errc::not_supported) return ask_on_a_thread(asked, until);
  return found;
}

endpoints resolve_service(std::string_view host, std::uint16_t port, std::string service,
                          transport over, deadline until, std::optional<family> only) {
  if (host.empty()) return fail(errc::invalid_argument);
  const auto address = address_in(host);
  if (!address) return address.failure();
  if (*address && only && family_of(**address) != *only) return fail(errc::host_not_found);
  if (*address && service.empty()) return std::vector{endpoint{**address, port}};

  question asked{.host = {}, .service = std::move(service), .over = over, .only = only};
  if (*address) {
    // Only the service is asked for; any host will do for that.
    asked.host = family_of(**address) == family::v4 ? "127.0.0.1" : "::1";
  } else {
    auto name = detail::to_ascii(host);
    if (!name) return fail(errc::invalid_argument);
    asked.host = std::move(*name);
  }
  auto found = answer_to(asked, until);
  if (!found) return found;
  for (auto& where : *found) {
    if (asked.service.empty()) where.port = port;
    if (*address) where.address = **address;
  }
  return found;
}

}  // namespace

endpoints resolve(std::string_view host, std::uint16_t port, deadline until,
                  std::optional<family> only) {
  return resolve_service(host, port, {}, transport::tcp, until, only);
}

endpoints resolve(std::string_view host, std::string_view service, transport over, deadline until,
                  std::optional<family> only) {
  if (const auto port = parse_port(service))
    return resolve_service(host, *port, {}, over, until, only);
  // A number that is no port must not reach the system: some cut 99999 down to one that is.
  if (service.empty() || std::ranges::all_of(service, is_digit))
    return fail(errc::invalid_argument);
  return resolve_service(host, 0, std::string{service}, over, until, only);
}

}  // namespace portsock
