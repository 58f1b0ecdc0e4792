// SPDX-License-Identifier: MIT
#include <tools/ping/ping.hpp>

#include <chrono>
#include <utility>

#include <portsock/program.hpp>
#include <portsock/resolver.hpp>
#include <tools/common/complaints.hpp>
#include <tools/ping/session.hpp>

namespace portsock::tools {
namespace {

using namespace std::chrono_literals;

/// Faster than this only whom the system trusts with raw sockets may send, as with ping.
constexpr auto shortest_interval = 2ms;

struct sockets {
  result<icmp_socket> v4 = fail(errc::family_not_supported);
  result<icmp_socket> v6 = fail(errc::family_not_supported);

  result<icmp_socket>& of(family which) noexcept { return which == family::v4 ? v4 : v6; }
};

/// A socket of each family that the host may turn out to have.
sockets open_sockets(std::optional<family> only) {
  sockets opened;
  for (const auto which : {family::v4, family::v6})
    if (!only || which == *only) opened.of(which) = icmp_socket::open(which);
  return opened;
}

exit_code no_access(error reason, const complaints& complain, std::ostream& log) {
  complain.failed("ICMP", reason);
  if (reason == errc::access_denied) log << icmp_access_hint() << '\n' << std::flush;
  return exit_code::usage;
}

/// The address to ping: the first, in the order of the resolver, that there is a socket for.
const ip_address& choose(const std::vector<endpoint>& found, sockets& from) {
  for (const auto& candidate : found)
    if (from.of(family_of(candidate.address))) return candidate.address;
  return found.front().address;
}

}  // namespace

exit_code ping(const ping_options& options, std::ostream& output, std::ostream& log,
               const canceller& stop) {
  const complaints complain{"sockping", log};

  // Sockets first, of either family: then nothing that reads names or packets has any rights left.
  auto opened = open_sockets(options.only);
  if (const auto dropped = program::drop_privileges(); !dropped)
    return complain.failed("dropping privileges", dropped.error());
  if (!opened.v4 && !opened.v6)
    return no_access(opened.of(options.only.value_or(family::v4)).error(), complain, log);

  const auto found = resolve(options.host, 0, deadline::never().or_when(stop), options.only);
  if (!found) return complain.failed(options.host, found.error());
  const auto& target = choose(*found, opened);
  auto& socket = opened.of(family_of(target));
  if (!socket) return no_access(socket.error(), complain, log);
  if (options.interval < shortest_interval && socket->access() != icmp_access::raw)
    return complain.misused("interval", "must be 0.002 seconds or more without a raw socket");
  if (options.hop_limit)
    if (const auto set = socket->set_hop_limit(*options.hop_limit); !set)
      return complain.failed("hop limit", set.error());

  report told{output, options.host, options.quiet};
  told.opening(target, options.size, socket->access());
  const auto self = identity::random();
  icmp_channel channel{std::move(*socket), target};
  session run{options, self, channel, told, complain};
  const auto ended = run.run(stop);
  told.summary(run.numbers());

  if (!ended) return complain.failed(options.host, ended.error());
  if (!told.good()) return complain.failed("standard output", "cannot be written");
  return run.numbers().received != 0 ? exit_code::ok : exit_code::failure;
}

}  // namespace portsock::tools
