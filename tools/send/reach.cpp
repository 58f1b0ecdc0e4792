// SPDX-License-Identifier: MIT
#include <tools/send/reach.hpp>

#include <algorithm>

#include <portsock/interfaces.hpp>
#include <portsock/local_socket.hpp>
#include <portsock/poller.hpp>
#include <portsock/resolver.hpp>

namespace portsock::tools {
namespace {

/// Adds `option` if a value was given.
template <kind Kind, class Option>
void add_if(presets<Kind>& early, bool given, Option option, typename Option::value_type value) {
  if (given) early.with(option, value);
}

/// What streams and datagrams have in common. errc::address_not_available: no such interface.
template <kind Kind>
result<presets<Kind>> presets_of_any(const send_options& with) {
  presets<Kind> early;
  add_if(early, with.send_buffer != 0, options::send_buffer, with.send_buffer);
  add_if(early, with.receive_buffer != 0, options::receive_buffer, with.receive_buffer);
  add_if(early, with.hop_limit.has_value(), options::hop_limit, with.hop_limit.value_or(0));
  // The two lower bits belong to congestion notification (RFC 2474).
  add_if(early, with.dscp.has_value(), options::traffic_class, with.dscp.value_or(0) << 2);
  if (with.device.empty()) return early;
  const auto index = interface_index(with.device);
  if (!index) return index.failure();
  return early.with(options::outgoing_interface, *index);
}

result<datagram_presets> presets_of_datagrams(const send_options& with) {
  auto early = presets_of_any<kind::datagram>(with);
  if (!early) return early;
  add_if(*early, with.broadcast, options::broadcast, true);
  add_if(*early, with.dont_fragment, options::dont_fragment, true);
  return early;
}

/// Sets `option` if a value was given.
template <class Socket, class Option>
result<> set_if(Socket& socket, bool given, Option option, typename Option::value_type value) {
  if (!given) return {};
  return socket.set(option, value);
}

result<> prepare_group(datagram_socket& socket, const send_options& with) {
  if (!with.by_interface.empty()) {
    const auto index = interface_index(with.by_interface);
    if (!index) return index.failure();
    if (auto set = socket.set(options::multicast_interface, *index); !set) return set;
  }
  if (auto set = set_if(socket, with.hop_limit.has_value(), options::multicast_hop_limit,
                        with.hop_limit.value_or(0));
      !set)
    return set;
  return set_if(socket, with.no_loop, options::multicast_loop, false);
}

result<stream_socket> reach_local(const exchange& with, deadline until) {
  const auto& peer = *with.options.local;
  auto socket = local_stream::connect(peer, until);
  if (!socket) return socket.failure();
  // These two are for the local sockets too, which have no packet that could be the first.
  if (auto set = set_if(*socket, with.options.send_buffer != 0, options::send_buffer,
                        with.options.send_buffer);
      !set)
    return set.failure();
  if (auto set = set_if(*socket, with.options.receive_buffer != 0, options::receive_buffer,
                        with.options.receive_buffer);
      !set)
    return set.failure();
  with.facts.connected(to_string(local_address{}), to_string(peer));
  return stream_socket{*std::move(socket)};
}

result<datagram_link> reach_local_datagrams(const exchange& with) {
  const auto& from = with.options.source_path;
  auto socket = from ? local_datagram_socket::bind(*from) : local_datagram_socket::open();
  if (!socket) return socket.failure();
  if (auto set = set_if(*socket, with.options.send_buffer != 0, options::send_buffer,
                        with.options.send_buffer);
      !set)
    return set.failure();
  if (auto set = socket->set_blocking(false); !set) return set.failure();
  with.facts.connected(to_string(from.value_or(local_address{})), to_string(*with.options.local));
  return datagram_link{*std::move(socket), *with.options.local};
}

result<stream_socket> reach_once(const exchange& with) {
  const auto until = deadline::in(with.options.timeout).or_when(with.stop);
  if (with.options.local) return reach_local(with, until);
  const auto peers = find_peers(with, until);
  if (!peers) return peers.failure();
  const auto early = presets_of_stream(with.options);
  if (!early) return early.failure();
  auto socket = stream_socket::connect_any(*peers, until, std::chrono::milliseconds{250},
                                           local_for(with.options, peers->front()), *early);
  if (!socket) return socket;
  const auto local = socket->local_endpoint();
  const auto peer = socket->peer_endpoint();
  // A peer can be gone by now, which the first receive tells.
  if (local && peer) with.facts.connected(to_string(*local), to_string(*peer));
  return socket;
}

/// No system tells when a receiver has room again, so it is asked from time to time.
result<> send_patiently(local_datagram_socket& socket, const_bytes datagram,
                        const local_address& peer, deadline until) {
  while (true) {
    auto sent = socket.send_to(datagram, peer);
    if (sent || sent.error() != errc::would_block) return sent;
    if (until.has_passed()) return fail(errc::timed_out);
    auto idle = poller::create(poll_mechanism::poll);
    if (!idle) return idle.failure();
    const auto soon = deadline::in(std::chrono::milliseconds{1});
    if (auto waited = idle->wait(until.sooner(soon.moment())); !waited) return waited.failure();
  }
}

/// Whether the same may go well later.
bool may_pass(error reason) noexcept {
  return is_unreachable(reason) || reason == errc::connection_refused ||
         reason == errc::timed_out || reason == errc::connection_reset ||
         reason == errc::host_not_found || reason == errc::name_service_busy;
}

}  // namespace

std::optional<endpoint> local_for(const send_options& with, const endpoint& peer) {
  if (!with.source && with.source_port == 0) return std::nullopt;
  return endpoint{with.source.value_or(any(family_of(peer.address))), with.source_port};
}

result<stream_presets> presets_of_stream(const send_options& with) {
  auto early = presets_of_any<kind::stream>(with);
  if (!early) return early;
  add_if(*early, with.no_delay, options::no_delay, true);
  if (with.keep_alive)
    early->with(options::keep_alive, true).with(options::keep_alive_idle, *with.keep_alive);
  return early;
}

result<std::vector<endpoint>> find_peers(const exchange& with, deadline until) {
  const auto& options = with.options;
  auto only = options.only;
  if (options.source) only = family_of(*options.source);
  auto peers = resolve(options.host, options.port, until, only);
  if (!peers) return peers;
  // One local port serves one family.
  if (options.source_port != 0)
    std::erase_if(*peers, [first = family_of(peers->front().address)](const endpoint& one) {
      return family_of(one.address) != first;
    });
  with.facts.resolved(*peers);
  return peers;
}

result<stream_socket> reach_stream(const exchange& with) {
  auto pause = std::chrono::milliseconds{100};
  for (std::uint64_t tries = 0;; ++tries) {
    auto reached = reach_once(with);
    if (reached || tries == with.options.retries || !may_pass(reached.error())) return reached;
    with.facts.tries_again(reached.error(), pause);
    auto idle = poller::create();
    if (!idle) return idle.failure();
    const auto waited = idle->wait(deadline::in(pause).or_when(with.stop));
    if (!waited) return waited.failure();
    pause = std::min(pause * 2, std::chrono::milliseconds{10'000});
  }
}

result<datagram_link> reach_datagrams(const exchange& with) {
  const auto& options = with.options;
  if (options.local) return reach_local_datagrams(with);
  const auto peers = find_peers(with, deadline::in(options.timeout).or_when(with.stop));
  if (!peers) return peers.failure();
  const auto early = presets_of_datagrams(options);
  if (!early) return early.failure();
  result<datagram_link> reached = fail(errc::host_not_found);
  for (const auto& peer : *peers) {
    const auto local = local_for(options, peer);
    if (is_multicast(peer.address) || options.broadcast) {
      auto socket =
          datagram_socket::bind(local.value_or(endpoint{any(family_of(peer.address)), 0}));
      if (!socket) {
        reached = socket.failure();
        continue;
      }
      if (auto set = early->set_on(socket->native()); !set) return set.failure();
      if (is_multicast(peer.address))
        if (auto ready = prepare_group(*socket, options); !ready) return ready.failure();
      reached = datagram_link{*std::move(socket), peer};
    } else {
      auto socket = connected_datagram_socket::connect(peer, local, *early);
      if (!socket) {
        reached = socket.failure();
        continue;
      }
      reached = datagram_link{*std::move(socket)};
    }
    if (auto set = reached->set_blocking(false); !set) return set.failure();
    with.facts.connected(reached->local_name(), to_string(peer));
    break;
  }
  return reached;
}

result<> datagram_link::send(const_bytes datagram, deadline until) {
  if (auto* connected = std::get_if<connected_datagram_socket>(&socket_))
    return connected->send(datagram, until);
  if (auto* local = std::get_if<local_datagram_socket>(&socket_))
    return send_patiently(*local, datagram, local_peer_, until);
  return std::get<datagram_socket>(socket_).send_to(datagram, peer_, until);
}

result<std::size_t> datagram_link::receive(mutable_bytes buffer) {
  if (auto* connected = std::get_if<connected_datagram_socket>(&socket_)) {
    const auto got = connected->receive(buffer);
    if (!got) return got.failure();
    return got->size;
  }
  if (auto* local = std::get_if<local_datagram_socket>(&socket_)) {
    const auto got = local->receive_from(buffer);
    if (!got) return got.failure();
    return got->size;
  }
  const auto got = std::get<datagram_socket>(socket_).receive_from(buffer);
  if (!got) return got.failure();
  return got->size;
}

result<> datagram_link::set_blocking(bool blocking) {
  return std::visit([blocking](auto& socket) { return socket.set_blocking(blocking); }, socket_);
}

native_handle datagram_link::native() const {
  return std::visit([](const auto& socket) { return socket.native(); }, socket_);
}

std::string datagram_link::local_name() const {
  const auto name = [](const auto& at) { return at ? to_string(*at) : std::string{}; };
  if (const auto* local = std::get_if<local_datagram_socket>(&socket_))
    return name(local->address());
  if (const auto* connected = std::get_if<connected_datagram_socket>(&socket_))
    return name(connected->local_endpoint());
  return name(std::get<datagram_socket>(socket_).local_endpoint());
}

}  // namespace portsock::tools
