// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>

#include <netdb.h>

#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {
namespace {

error resolver_error(int code) noexcept {
  if (code == EAI_SYSTEM) return last_error();
  const auto* row = find_error(error_domain::resolver, code);
  // A system may have still more ways to say that there is no such name.
  return {code, error_domain::resolver, row ? row->meaning : errc::host_not_found};
}

}  // namespace

result<std::vector<endpoint>> resolve(const std::string& host, const std::string& service,
                                      transport over, std::optional<family> only) {
  // A concrete type: without one each address comes once for every type there is. AI_ADDRCONFIG is
  // not asked for: it makes "localhost" unknown on a machine that is offline.
  addrinfo hints{};
  hints.ai_family = only ? native_family(*only) : AF_UNSPEC;
  hints.ai_socktype = over == transport::tcp ? SOCK_STREAM : SOCK_DGRAM;
  hints.ai_protocol = over == transport::tcp ? IPPROTO_TCP : IPPROTO_UDP;
  addrinfo* answer = nullptr;
  const int code =
      ::getaddrinfo(host.c_str(), service.empty() ? nullptr : service.c_str(), &hints, &answer);
  if (code != 0) return std::unexpected{resolver_error(code)};

  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list{answer, &::freeaddrinfo};
  std::vector<endpoint> found;
  for (const auto* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    if (!family_of(entry->ai_family)) continue;
    const auto where = to_endpoint(entry->ai_addr);
    if (std::ranges::find(found, where) == found.end()) found.push_back(where);
  }
  if (found.empty()) return fail(errc::host_not_found);
  return found;
}

// getaddrinfo() ends when it is done. glibc's getaddrinfo_a() is a thread of its own, too, and
// cannot be given up while it works.
result<std::vector<endpoint>> resolve_within(const std::string&, const std::string&, transport,
                                             std::optional<family>, deadline) {
  return fail(errc::not_supported);
}

}  // namespace portsock::platform
