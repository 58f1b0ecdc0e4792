// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>

#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "native.hpp"
#include "system.hpp"
#include "utf8.hpp"

namespace portsock::platform {
namespace {

error resolver_error(int code) noexcept {
  const auto* row = find_error(error_domain::resolver, code);
  return {code, error_domain::resolver, row ? row->meaning : errc::name_service_failed};
}

}  // namespace

result<std::vector<endpoint>> resolve(const std::string& host, const std::string& service,
                                      transport over, std::optional<family> only) {
  if (auto started = start(); !started) return started.failure();
  // A concrete type, as everywhere: without one the service would be looked up for TCP and UDP
  // alike. AI_ADDRCONFIG is not asked for: it makes "localhost" unknown on a machine that is
  // offline. The narrow call takes the process's code page, which nobody here knows.
  ADDRINFOW hints{};
  hints.ai_family = only ? native_family(*only) : AF_UNSPEC;
  hints.ai_socktype = over == transport::tcp ? SOCK_STREAM : SOCK_DGRAM;
  hints.ai_protocol = over == transport::tcp ? IPPROTO_TCP : IPPROTO_UDP;
  const auto wide_host = to_wide(host);
  const auto wide_service = to_wide(service);
  ADDRINFOW* answer = nullptr;
  const int code = ::GetAddrInfoW(
      wide_host.c_str(), service.empty() ? nullptr : wide_service.c_str(), &hints, &answer);
  if (code != 0) return std::unexpected{resolver_error(code)};

  const std::unique_ptr<ADDRINFOW, decltype(&::FreeAddrInfoW)> list{answer, &::FreeAddrInfoW};
  std::vector<endpoint> found;
  for (const auto* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    if (!family_of(entry->ai_family)) continue;
    const auto where = to_endpoint(entry->ai_addr);
    if (std::ranges::find(found, where) == found.end()) found.push_back(where);
  }
  if (found.empty()) return fail(errc::host_not_found);
  return found;
}

}  // namespace portsock::platform
