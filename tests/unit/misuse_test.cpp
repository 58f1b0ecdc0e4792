// SPDX-License-Identifier: MIT

// What must not compile, read by the compiler.

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <ios>
#include <string_view>
#include <type_traits>
#include <utility>

#include <portsock/file.hpp>
#include <portsock/icmp_socket.hpp>
#include <portsock/interfaces.hpp>
#include <portsock/local_datagram_socket.hpp>
#include <portsock/local_socket.hpp>
#include <portsock/poller.hpp>
#include <portsock/resolver.hpp>
#include <portsock/socket.hpp>
#include <portsock/transfer.hpp>
#include <portsock/waker.hpp>

namespace portsock {
namespace {

using stream = stream_socket;
using listener = stream_listener;
using datagram = datagram_socket;
using connected = connected_datagram_socket;
using raw = raw_socket;

template <class S>
concept accepts = requires(S s) { s.accept(); };
template <class S>
concept sends = requires(S s, const_bytes data) { s.send(data); };
template <class S>
concept sends_to = requires(S s, const_bytes data, endpoint peer) { s.send_to(data, peer); };
template <class S>
concept receives = requires(S s, mutable_bytes buffer) { s.receive(buffer); };
template <class S>
concept receives_from = requires(S s, mutable_bytes buffer) { s.receive_from(buffer); };
template <class S>
concept shuts_down = requires(S s) { s.shutdown(direction::send); };
template <class S>
concept joins = requires(S s, ip_address group) { s.join(group); };
template <class S>
concept batches = requires(S s) { s.send_batch({}); };
template <class S>
concept reports = requires(S s) { s.report(detail_set{}); };
template <class S>
concept cuts = requires(S s, const_bytes data) { s.send_segments(data, 100); };
template <class S>
concept cuts_to =
    requires(S s, const_bytes data, endpoint peer) { s.send_segments(data, 100, peer); };
template <class S>
concept joins_datagrams = requires(S s, mutable_bytes buffer) { s.receive_segments(buffer); };
template <class S, class Room>
concept receives_batch_of = requires(S s, std::span<Room> rooms) { s.receive_batch(rooms); };
template <class S, class Data>
concept sends_any = requires(S s, Data data) { s.send(data); };
template <class S, class Buffer>
concept receives_into = requires(S s, Buffer buffer) { s.receive(buffer); };
template <class S>
concept aborts_as_an_lvalue = requires(S& s) { s.abort(); };
template <class S>
concept lingers_as_an_lvalue = requires(S& s) { s.close_gracefully(deadline::now()); };
template <class Span>
concept closes_within = requires(stream s, Span span) { std::move(s).close_gracefully(span); };
template <class S>
concept releases_as_an_lvalue = requires(S& s) { s.release(); };
template <class Span>
concept makes_a_deadline = requires(Span span) { deadline::in(span); };
template <class S>
concept polls = requires(poller p, const S& s) { p.add(s, interest::receive, 1); };
template <class S>
concept polls_a_temporary = requires(poller p) { p.add(std::declval<S>(), interest::receive, 1); };
template <class F>
concept reads = requires(F f, mutable_bytes buffer) { f.read(buffer); };
template <class F>
concept writes = requires(F f, const_bytes data) { f.write(data); };
template <class To, class From>
concept sends_file = requires(To to, From from) { send_file(to, from); };
template <class From, class To>
concept receives_file = requires(From from, To to) { receive_file(from, to); };
template <class From, class To>
concept relays = requires(relay between, From from, To to) { between.move(from, to); };
template <auto Option, class S>
concept sets = requires(S s, typename decltype(Option)::value_type v) { s.set(Option, v); };
template <auto Option, class S, class Value>
concept sets_to = requires(S s, Value v) { s.set(Option, v); };
template <auto Option, class S>
concept gets = requires(const S s) { s.get(Option); };

// What a kind of socket cannot do, its type does not offer.
static_assert(!accepts<stream> && accepts<listener> && !accepts<datagram> && !accepts<raw>);
static_assert(sends<stream> && sends<connected>);
static_assert(!sends<listener> && !sends<datagram> && !sends<raw>);
static_assert(sends_to<datagram> && !sends_to<stream> && !sends_to<listener>);
static_assert(!sends_to<connected>, "its datagrams have one destination");
static_assert(receives<stream> && receives<connected>);
static_assert(!receives<listener> && !receives<datagram> && !receives<raw>);
static_assert(receives_from<datagram> && receives_from<raw>);
static_assert(!receives_from<stream> && !receives_from<listener> && !receives_from<connected>);
static_assert(shuts_down<stream> && !shuts_down<listener>);
static_assert(!shuts_down<datagram> && !shuts_down<connected> && !shuts_down<raw>);
static_assert(joins<datagram> && !joins<stream> && !joins<connected>);

// Batches, details and segments are datagrams' alone, and who has a peer is not told of one.
static_assert(batches<datagram> && batches<connected>);
static_assert(!batches<stream> && !batches<listener> && !batches<raw>);
static_assert(reports<datagram> && reports<connected> && !reports<stream> && !reports<listener>);
static_assert(cuts<connected> && !cuts<datagram> && !cuts<stream>);
static_assert(cuts_to<datagram> && !cuts_to<connected> && !cuts_to<stream> && !cuts_to<raw>);
static_assert(joins_datagrams<datagram> && joins_datagrams<connected> && !joins_datagrams<stream>);
static_assert(receives_batch_of<datagram, incoming> && !receives_batch_of<datagram, incoming_part>);
static_assert(receives_batch_of<connected, incoming_part> &&
              !receives_batch_of<connected, incoming> && !receives_batch_of<stream, incoming>);

// An option is set on the sockets that have it, with a value of its type.
static_assert(sets<options::no_delay, stream> && !sets<options::no_delay, listener>);
static_assert(!sets<options::no_delay, datagram> && !sets<options::no_delay, raw>);
static_assert(sets<options::broadcast, datagram> && !sets<options::broadcast, stream>);
static_assert(sets<options::hop_limit, stream> && sets<options::hop_limit, raw>);
static_assert(!sets<options::close_mode, listener> && !sets<options::close_mode, datagram>);
static_assert(!gets<options::multicast_loop, stream> && gets<options::multicast_loop, datagram>);
static_assert(gets<options::v6_only, listener> && !sets<options::v6_only, listener>,
              "no system changes it after a bind");
static_assert(!sets_to<options::keep_alive_idle, stream, int>, "of which unit?");
static_assert(!sets_to<options::close_mode, stream, bool>);
// There is no lingering with a time, which blocks here and fails there: closing has two modes, and
// waits until a moment by a call that says how it went.
static_assert(std::is_same_v<decltype(options::close_mode)::value_type, close_mode>);
static_assert(sets_to<options::close_mode, stream, close_mode>);
static_assert(!sets_to<options::close_mode, stream, int> &&
              !sets_to<options::close_mode, stream, std::chrono::seconds>);
static_assert(closes_within<deadline>);
static_assert(!closes_within<int> && !closes_within<std::chrono::seconds>);

// A poller's sockets outlive their places in it.
static_assert(polls<stream> && polls<listener> && polls<datagram> && polls<waker>);
static_assert(!polls_a_temporary<stream> && !polls_a_temporary<waker>);
static_assert(!polls<int> && !polls<native_handle>);

// No half-made states: made by what makes it whole, moved, never copied.
template <class... Types>
constexpr bool move_only =
    ((!std::is_default_constructible_v<Types> && !std::is_copy_constructible_v<Types> &&
      !std::is_copy_assignable_v<Types> && std::is_nothrow_move_constructible_v<Types> &&
      std::is_nothrow_move_assignable_v<Types>) &&
     ...);
static_assert(move_only<stream, listener, datagram, connected, raw>);
static_assert(move_only<poller, waker, canceller, icmp_socket>);
static_assert(!std::is_copy_constructible_v<unique_handle>);
static_assert(!std::is_convertible_v<native_handle, stream> &&
              !std::is_convertible_v<unique_handle, stream>);
static_assert(!std::is_convertible_v<int, native_handle>, "an int is not a handle");
static_assert(!std::is_constructible_v<borrowed<stream>, const borrowed<stream>&>);

// A file is no socket, and a socket no file: neither handle nor owner passes for the other's.
template <class... Sockets>
constexpr bool are_no_files = ((!std::is_constructible_v<unique_file, Sockets> &&
                                !std::is_assignable_v<unique_file&, Sockets> &&
                                !std::is_constructible_v<file_handle, Sockets> &&
                                !std::is_constructible_v<Sockets, unique_file> &&
                                !std::is_constructible_v<Sockets, file_handle>) &&
                               ...);
static_assert(are_no_files<stream, listener, datagram, connected, raw>);
static_assert(are_no_files<local_stream, local_listener, local_datagram_socket>);
static_assert(are_no_files<unique_handle, native_handle>);
static_assert(reads<unique_file> && writes<unique_file>);
static_assert(!reads<stream> && !writes<stream> && !reads<local_stream> && !writes<local_stream>);
static_assert(!sends<unique_file> && !receives<unique_file> && !polls<unique_file>);
static_assert(sends_file<stream&, file_handle> && receives_file<stream&, file_handle>);
static_assert(!sends_file<stream&, native_handle> && !receives_file<stream&, native_handle>);
static_assert(!sends_file<file_handle, file_handle> && !sends_file<datagram&, file_handle>);
static_assert(relays<stream&, stream&> && relays<file_handle, stream&> &&
              relays<stream&, file_handle>);
static_assert(!relays<file_handle, file_handle> && !relays<native_handle, stream&>);

// Nor is it a stream of the C or C++ library: what read(), fdopen() and _open_osfhandle() take is a
// number, which none of these turns into unasked.
template <class... Types>
constexpr bool are_no_numbers =
    ((!std::is_convertible_v<Types, int> && !std::is_convertible_v<Types, std::intptr_t> &&
      !std::is_convertible_v<Types, void*>) &&
     ...);
static_assert(are_no_numbers<stream, listener, datagram, connected, raw, local_stream>);
static_assert(are_no_numbers<native_handle, unique_handle, file_handle, unique_file>);
template <class... Types>
constexpr bool are_no_streams = (!std::is_base_of_v<std::ios_base, Types> && ...);
static_assert(are_no_streams<stream, local_stream, datagram, connected, unique_file>);

// A member that ends the socket's life says so where it is called: std::move(socket).abort().
static_assert(!aborts_as_an_lvalue<stream> && !releases_as_an_lvalue<stream>);
static_assert(!lingers_as_an_lvalue<stream>);

// The wrapper weighs nothing, and an error is two registers at most.
static_assert(sizeof(stream) == sizeof(native_handle) && sizeof(listener) == sizeof(native_handle));
static_assert(sizeof(error) <= 8 && std::is_trivially_copyable_v<error>);
static_assert(sizeof(result<>) <= 16 && sizeof(result<std::size_t>) <= 16);

// Text where bytes belong, and the other way round, needs a word: as_bytes(), as_text().
static_assert(!sends_any<stream, const char*> && !sends_any<stream, std::string_view>);
static_assert(!receives_into<stream, const_bytes>, "cannot be written to");
// A deadline is a moment: a span or a number says from when, or of what, by deadline::in().
static_assert(!std::is_convertible_v<std::chrono::milliseconds, deadline>);
static_assert(!std::is_convertible_v<int, deadline> && !std::is_default_constructible_v<deadline>);
static_assert(!makes_a_deadline<int>, "five of what?");
// A host alone is no address, and a number no endpoint.
static_assert(!std::is_convertible_v<const char*, ip_address> &&
              !std::is_convertible_v<const char*, endpoint>);
// A failure is not a success by accident, and there is no value to take from one unseen.
static_assert(!std::is_convertible_v<result<>, bool> && !std::is_convertible_v<transferred, bool>);
static_assert(!std::is_convertible_v<result<int>, int>);

TEST(Misuse, DoesNotCompile) { SUCCEED() << "the compiler has read the table above"; }

}  // namespace
}  // namespace portsock
