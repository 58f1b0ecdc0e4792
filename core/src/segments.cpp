// SPDX-License-Identifier: MIT
#include <portsock/segments.hpp>

#include <algorithm>
#include <array>

#include "send_details.hpp"
#include "waits.hpp"

namespace portsock {
namespace {

using platform::patience;

/// What every system takes in one call: Linux counts 64 segments, and in all they are no longer
/// than a datagram of IPv4.
constexpr std::size_t most_segments = 64, most_bytes = 65'507;

/// Segments on their way to one peer, as far as they came.
class segment_sender {
 public:
  segment_sender(native_handle s, const native_endpoint* peer, segments all, std::size_t size,
                 const send_details& how, std::size_t& refused) noexcept
      : socket_{s}, peer_{peer}, all_{all}, size_{size}, how_{how}, refused_{refused} {}

  /// Sends what is left, and says how far it came in all.
  const sent_segments& send(patience waits) noexcept {
    sent_.reason.reset();
    const auto most = (std::clamp)(most_bytes / size_, std::size_t{1}, most_segments);
    while (!sent_.reason && sent_.count != all_.size()) {
      const auto count = (std::min)(most, all_.size() - sent_.count);
      if (count == 1 || size_ >= refused_ || !send_as_one(count, waits)) send_singly(count, waits);
    }
    return sent_;
  }

 private:
  /// False: the system does not take them so, and none was sent.
  bool send_as_one(std::size_t count, patience waits) noexcept {
    const auto outcome = platform::send_segmented(socket_, all_.stretch(sent_.count, count), size_,
                                                  peer_, how_, waits);
    if (outcome) {
      sent_.count += count;
      sent_.offloaded = true;
      return true;
    }
    if (outcome.error() == errc::not_supported) return false;
    sent_.reason = outcome.error();
    return true;
  }

  void send_singly(std::size_t count, patience waits) noexcept {
    const auto sent =
        how_ == send_details{} ? send_plainly(count, waits) : send_in_detail(count, waits);
    sent_.count += sent.count;
    sent_.reason = sent.reason;
    // What is refused as one, and taken singly, will be so again.
    if (count > 1 && !sent.reason) refused_ = (std::min)(refused_, size_);
  }

  sent_batch send_plainly(std::size_t count, patience waits) noexcept {
    if (peer_ == nullptr) {
      std::array<const_bytes, most_segments> batch;
      for (std::size_t i = 0; i != count; ++i) batch[i] = all_[sent_.count + i];
      return platform::send_batch(socket_, std::span<const const_bytes>{batch}.first(count), waits);
    }
    std::array<outgoing, most_segments> batch;
    for (std::size_t i = 0; i != count; ++i) batch[i] = {all_[sent_.count + i], *peer_};
    return platform::send_batch(socket_, std::span<const outgoing>{batch}.first(count), waits);
  }

  sent_batch send_in_detail(std::size_t count, patience waits) noexcept {
    for (std::size_t i = 0; i != count; ++i)
      if (auto sent = detail::send_detailed(socket_, all_[sent_.count + i], peer_, how_, waits);
          !sent)
        return {i, sent.error()};
    return {count, std::nullopt};
  }

  native_handle socket_;
  const native_endpoint* peer_;
  segments all_;
  std::size_t size_;
  const send_details& how_;
  std::size_t& refused_;
  sent_segments sent_;
};

sent_segments failed(error reason) noexcept { return {0, false, reason}; }

sent_segments send_until(native_handle s, segment_sender sender, deadline until) noexcept {
  for (;;) {
    const auto& sent = sender.send(patience::none);
    if (!sent.reason || !(*sent.reason == errc::would_block)) return sent;
    if (auto ready = detail::await(s, interest::send, until); !ready)
      return {sent.count, sent.offloaded, ready.error()};
  }
}

result<> check(std::size_t segment_size, const send_details& how) noexcept {
  if (segment_size == 0) return fail(errc::invalid_argument);
  return detail::check(how);
}

template <class Received>
result<coalesced<Received>> receive_once(native_handle s, mutable_bytes buffer,
                                         patience waits) noexcept {
  result<coalesced<Received>> got{std::in_place};
  native_endpoint* from = nullptr;
  if constexpr (requires { got->from; }) from = &got->from;
  datagram_details details;
  const auto part = platform::receive_detailed(s, buffer, from, details, waits);
  if (!part) return part.failure();
  got->size = part->size;
  got->truncated = part->truncated;
  got->segment_size = details.segment_size.value_or(part->size);
  return got;
}

template <class Received>
result<coalesced<Received>> receive_until(native_handle s, mutable_bytes buffer,
                                          deadline until) noexcept {
  return detail::try_until(s, interest::receive, until, [&]() noexcept {
    return receive_once<Received>(s, buffer, patience::none);
  });
}

}  // namespace

sent_segments datagram_socket::send_segments(const_bytes data, std::size_t segment_size,
                                             const native_endpoint& peer,
                                             const send_details& how) noexcept {
  if (auto good = check(segment_size, how); !good) return failed(good.error());
  return segment_sender{native(), &peer, {data, segment_size}, segment_size, how, refused_segments_}
      .send(patience::of_the_socket);
}
sent_segments datagram_socket::send_segments(const_bytes data, std::size_t segment_size,
                                             const endpoint& peer,
                                             const send_details& how) noexcept {
  const auto to = destination(peer);
  if (!to) return failed(to.error());
  return send_segments(data, segment_size, *to, how);
}
sent_segments datagram_socket::send_segments(const_bytes data, std::size_t segment_size,
                                             const endpoint& peer, deadline until,
                                             const send_details& how) noexcept {
  const auto to = destination(peer);
  if (!to) return failed(to.error());
  if (auto good = check(segment_size, how); !good) return failed(good.error());
  return send_until(native(),
                    {native(), &*to, {data, segment_size}, segment_size, how, refused_segments_},
                    until);
}
result<coalesced<received>> datagram_socket::receive_segments(mutable_bytes buffer) noexcept {
  return receive_once<received>(native(), buffer, patience::of_the_socket);
}
result<coalesced<received>> datagram_socket::receive_segments(mutable_bytes buffer,
                                                              deadline until) noexcept {
  return receive_until<received>(native(), buffer, until);
}

sent_segments connected_datagram_socket::send_segments(const_bytes data, std::size_t segment_size,
                                                       const send_details& how) noexcept {
  if (auto good = check(segment_size, how); !good) return failed(good.error());
  return segment_sender{native(),     nullptr, {data, segment_size},
                        segment_size, how,     refused_segments_}
      .send(patience::of_the_socket);
}
sent_segments connected_datagram_socket::send_segments(const_bytes data, std::size_t segment_size,
                                                       deadline until,
                                                       const send_details& how) noexcept {
  if (auto good = check(segment_size, how); !good) return failed(good.error());
  return send_until(native(),
                    {native(), nullptr, {data, segment_size}, segment_size, how, refused_segments_},
                    until);
}
result<coalesced<received_part>> connected_datagram_socket::receive_segments(
    mutable_bytes buffer) noexcept {
  return receive_once<received_part>(native(), buffer, patience::of_the_socket);
}
result<coalesced<received_part>> connected_datagram_socket::receive_segments(
    mutable_bytes buffer, deadline until) noexcept {
  return receive_until<received_part>(native(), buffer, until);
}

}  // namespace portsock
