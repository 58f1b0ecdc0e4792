// SPDX-License-Identifier: MIT
#include <tools/ping/ping.hpp>

#include <array>
#include <chrono>
#include <istream>
#include <memory>
#include <ostream>
#include <utility>

#include <portsock/interfaces.hpp>
#include <portsock/ping_sockets.hpp>
#include <portsock/program.hpp>
#include <portsock/raw_socket.hpp>
#include <portsock/resolver.hpp>
#include <tools/common/complaints.hpp>
#include <tools/common/files.hpp>
#include <tools/common/standard_streams.hpp>
#include <tools/ping/pictures.hpp>
#include <tools/ping/run.hpp>
#include <tools/ping/trace.hpp>

namespace portsock::tools {
namespace {

using namespace std::chrono_literals;

/// Faster than this only whom the system trusts with raw sockets may send, as with ping.
constexpr auto shortest_interval = 2ms;

struct access {
  result<icmp_socket> v4 = fail(errc::family_not_supported);
  result<icmp_socket> v6 = fail(errc::family_not_supported);

  result<icmp_socket>& of(family which) noexcept { return which == family::v4 ? v4 : v6; }
  bool is_raw() const noexcept {
    return (!v4 || v4->access() == icmp_access::raw) && (!v6 || v6->access() == icmp_access::raw);
  }
};

/// A socket of each family that a host may turn out to have.
access open_sockets(const ping_options& options) {
  access opened;
  for (const auto which : {family::v4, family::v6})
    if (!options.only || which == *options.only)
      opened.of(which) =
          options.backend ? icmp_socket::open(which, *options.backend) : icmp_socket::open(which);
  return opened;
}

exit_code no_access(error reason, const complaints& complain, std::ostream& log) {
  complain.failed("ICMP", reason);
  if (reason == errc::access_denied) log << icmp_access_hint() << '\n' << std::flush;
  return exit_code::usage;
}

/// The address to ping: the first, in the order of the resolver, that there is a socket for.
std::optional<ip_address> choose(const std::vector<endpoint>& found, access& from) {
  for (const auto& candidate : found)
    if (from.of(family_of(candidate.address))) return candidate.address;
  return std::nullopt;
}

/// The source that the user named, by an address or by an interface.
result<> bind_source(icmp_socket& socket, const std::string& source) {
  const auto of = socket.address_family();
  if (const auto address = parse_address(source))
    return family_of(*address) == of ? socket.bind(*address) : result<>{};
  const auto all = interfaces();
  if (!all) return all.failure();
  // By the interface itself where that is allowed, else by an address of it.
  for (const auto& one : *all)
    if ((one.name == source || one.friendly_name == source) && socket.confine(one.index)) return {};
  for (const auto& one : *all)
    for (const auto& [address, length] : one.addresses)
      if ((one.name == source || one.friendly_name == source) && family_of(address) == of)
        return socket.bind(address);
  return fail(errc::address_not_available);
}

result<> prepare(icmp_socket& socket, const ping_options& options) {
  if (options.hop_limit)
    if (const auto set = socket.set_hop_limit(*options.hop_limit); !set) return set;
  if (!options.source.empty())
    if (const auto set = bind_source(socket, options.source); !set) return set;
  const bool plain = !options.traffic_class && options.fragments == fragmenting::by_system;
  if (socket.access() == icmp_access::system)
    return plain ? result<>{} : result<>{fail(errc::not_supported)};
  borrowed<raw_socket> view{socket.native()};
  if (options.traffic_class)
    if (const auto set = view->set(options::traffic_class, *options.traffic_class); !set)
      return set;
  if (options.fragments != fragmenting::by_system)
    return view->set(options::dont_fragment, options.fragments == fragmenting::never);
  // Best effort: replies come in crowds, and those to groups from many.
  static_cast<void>(view->set(options::receive_buffer, 1 << 20).has_value());
  return {};
}

/// Everybody that the options name. Those that cannot be found are complained of.
std::optional<exit_code> add_hosts(const ping_options& options, access& from, run& to,
                                   const complaints& complain, const canceller& stop) {
  auto hosts = options.hosts;
  for (const auto& file : options.files) {
    const auto opened = file == "-" ? standard_input() : open_file(file);
    if (opened)
      for (auto& host : hosts_in(*opened)) hosts.push_back(std::move(host));
    if (!opened || opened->bad()) {
      complain.failed(file, "cannot be read");
      return exit_code::usage;
    }
  }
  std::optional<error> failed;
  bool asks_nobody = true;  // so far,
  bool is_lacking = false;  // and somebody for want of a socket
  const auto add = [&](const ip_address& address, const std::string& name) {
    asks_nobody = false;
    if (const auto added = to.add(address, name); !added && !failed) failed = added.error();
  };
  for (const auto& host : hosts) {
    const auto found = resolve(host, 0, deadline::never().or_when(stop), options.only);
    const auto address = found ? choose(*found, from) : std::nullopt;
    if (address) {
      add(*address, host);
      continue;
    }
    is_lacking = is_lacking || found.has_value();
    complain.failed(host, found ? errc::family_not_supported : found.error());
    to.miss();
    if (!found && found.error() == errc::cancelled) return exit_code::failure;
  }
  for (const auto& text : options.sweeps)
    for_each_host(*parse_sweep(text), [&](const ip_address& one) { add(one, {}); });
  if (asks_nobody && is_lacking) return exit_code::usage;
  if (!failed) return std::nullopt;
  complain.failed("schedule", *failed);
  return exit_code::usage;
}

exit_code trace(const ping_options& options, access& from, ping::sockets& network,
                std::ostream& output, const complaints& complain, const canceller& stop) {
  if (options.hosts.size() != 1) return complain.misused("HOST", "must be one for --trace");
  if (options.as == format::csv) return complain.misused("--trace", "has no rows: use --json");
  const auto& name = options.hosts.front();
  const auto found = resolve(name, 0, deadline::never().or_when(stop), options.only);
  if (!found) return complain.failed(name, found.error());
  const auto address = choose(*found, from);
  if (!address) return complain.failed(name, errc::family_not_supported), exit_code::usage;
  const auto way = trace_route(options, *address, name, network, stop);
  if (!way) return complain.failed("ICMP", way.error()), exit_code::usage;
  report_trace(*way, options, output);
  if (!output.good()) return complain.failed("standard output", "cannot be written");
  return way->reached ? exit_code::ok : exit_code::failure;
}

}  // namespace

exit_code ping(const ping_options& options, std::ostream& output, std::ostream& log,
               const canceller& stop, const audience& here) {
  const complaints complain{"sockping", log};

  // Sockets first, of either family: then nothing that reads names or packets has any rights left.
  auto opened = open_sockets(options);
  if (const auto dropped = program::drop_privileges(); !dropped)
    return complain.failed("dropping privileges", dropped.error()), exit_code::usage;
  if (!opened.v4 && !opened.v6)
    return no_access(opened.of(options.only.value_or(family::v4)).error(), complain, log);
  const bool hurries = options.flood || options.interval < shortest_interval;
  if (hurries && !options.adaptive && !opened.is_raw() && !options.has_many())
    return complain.misused("interval", "must be 0.002 seconds or more without a raw socket");

  if (options.flow_label != 0 && opened.v6)
    if (const auto set = opened.v6->set_flow_label(options.flow_label); !set)
      return complain.failed("flow label", set.error()), exit_code::usage;

  std::array<std::optional<icmp_socket>, 2> sockets;
  std::array<icmp_access, 2> ways{};
  for (const auto which : {family::v4, family::v6}) {
    auto& socket = opened.of(which);
    if (!socket) continue;
    const std::size_t place = which == family::v4 ? 0 : 1;
    if (const auto ready = prepare(*socket, options); !ready) {
      // What one family cannot do matters only where that family is needed.
      if (options.only || which == family::v6) {
        if (options.only || !sockets[0])
          return complain.failed("options", ready.error()), exit_code::usage;
      }
      opened.of(which) = fail(ready.error());
      continue;
    }
    ways[place] = socket->access();
    sockets[place] = std::move(*socket);
  }
  auto network = ping::sockets::of(std::move(sockets[0]), std::move(sockets[1]), options.size);
  if (!network) return complain.failed("ICMP", network.error()), exit_code::usage;

  if (options.trace) return trace(options, opened, *network, output, complain, stop);

  std::unique_ptr<std::ostream> picture;
  if (!options.picture.empty()) {
    picture = create_file(options.picture);
    if (!picture) return complain.misused(options.picture, "cannot be written");
  }
  auto told = make_report(options, output, log);
  if (options.plot) told = make_plot(std::move(told), output, here.screen);
  if (picture) told = make_picture(std::move(told), *picture);
  run pings{options, *network, *told, complain};
  if (const auto wrong = add_hosts(options, opened, pings, complain, stop)) return *wrong;
  if (pings.hosts() == 0) return complain.misused("HOST", "is missing");
  pings.begin(ways);

  for (;;) {
    const auto more = pings.advance();
    if (!more) return complain.failed("ICMP", more.error()), exit_code::usage;
    if (!*more || !output.good()) break;
    const bool attend = here.asked != nullptr ? here.asked->is_awake() : stop.is_cancelled();
    if (attend) {
      // Cleared before looking: what comes now is met by the next look.
      if (here.asked != nullptr) here.asked->clear();
      if (stop.is_cancelled()) break;
      pings.sum_up_so_far();
    }
    const auto until = deadline::at(pings.next());
    const auto waited =
        network->wait(here.asked != nullptr ? until.or_when(*here.asked) : until.or_when(stop));
    if (!waited && waited.error() != errc::cancelled)
      return complain.failed("ICMP", waited.error()), exit_code::usage;
  }
  if (pings.started() != 0) pings.summarize();

  if (picture && !picture->good()) return complain.failed(options.picture, "cannot be written");
  if (!output.good()) return complain.failed("standard output", "cannot be written");
  return pings.answered() == pings.hosts() ? exit_code::ok : exit_code::failure;
}

}  // namespace portsock::tools
