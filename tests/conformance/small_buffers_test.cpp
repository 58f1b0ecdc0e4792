// SPDX-License-Identifier: MIT

// Connections whose systems take hardly anything at a time: each send is cut, again and again.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include <portsock/transfer.hpp>
#include <tests/support/files.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

/// In bytes. Linux rounds 1 up to more than this, and others might send a byte at a time.
constexpr int tiny = 2'048;

/// Set before the connection begins, for a window that was offered once is not taken back.
connected_pair with_small_buffers(family of) {
  auto listener = must(stream_listener::listen({loopback(of), 0}));
  must(listener.set(options::receive_buffer, tiny));  // what it accepts inherits it
  const auto early =
      stream_presets{}.with(options::send_buffer, tiny).with(options::receive_buffer, tiny);
  auto here =
      must(stream_socket::connect(must(listener.local_endpoint()), soon(), std::nullopt, early));
  auto there = must(listener.accept(soon()));
  must(there.set(options::send_buffer, tiny));
  must(there.set(options::receive_buffer, tiny));
  return {std::move(here), std::move(there)};
}

/// A window of next to nothing is slow on any system.
deadline in_the_end() { return deadline::in(60s); }

class SmallBuffers : public OnEachFamily {
 protected:
  auto receiving(stream_socket& from) {
    return in_background([&] {
      std::vector<std::byte> got(data.size());
      EXPECT_THAT(from.receive_exactly(got, in_the_end()), Succeeds());
      return got;
    });
  }
  /// All of it in pieces of odd lengths, as often as a send leaves some of them.
  void send_gathered(stream_socket& to) const {
    for (const_bytes rest = data; !rest.empty();) {
      std::array<const_bytes, 3> parts;
      auto left = rest;
      for (std::size_t i = 0; i != parts.size(); ++i) {
        parts[i] = left.first(std::min(left.size(), 4'999 * (i + 1)));
        left = left.subspan(parts[i].size());
      }
      rest = rest.subspan(must(to.send(parts, in_the_end())));
    }
  }

  std::vector<std::byte> data = pattern(256 * 1024);
  connected_pair pair = with_small_buffers(GetParam());
};
ON_EACH_FAMILY(SmallBuffers);

TEST_P(SmallBuffers, HoldLessThanIsSentBelow) { EXPECT_LT(fill(pair.here), data.size()); }

TEST_P(SmallBuffers, LetSendAllSendAllBothWaysAtOnce) {
  auto at_here = receiving(pair.here);
  auto at_there = receiving(pair.there);

  auto back = in_background([&] { return pair.there.send_all(data, in_the_end()); });
  const auto sent = pair.here.send_all(data, in_the_end());

  EXPECT_THAT(sent, Succeeds());
  EXPECT_EQ(sent.size, data.size());
  EXPECT_EQ(back.get().size, data.size());
  EXPECT_TRUE(at_there.get() == data);
  EXPECT_TRUE(at_here.get() == data);
}

TEST_P(SmallBuffers, LetSendAllSendAllWithoutADeadlineToo) {
  auto at_there = receiving(pair.there);

  EXPECT_EQ(pair.here.send_all(data).size, data.size());

  EXPECT_TRUE(at_there.get() == data);
}

TEST_P(SmallBuffers, LetGatheredSendsSayHowMuchWasSentBothWays) {
  auto at_here = receiving(pair.here);
  auto at_there = receiving(pair.there);

  auto back = in_background([&] { send_gathered(pair.there); });
  send_gathered(pair.here);

  back.get();
  EXPECT_TRUE(at_there.get() == data);
  EXPECT_TRUE(at_here.get() == data);
}

TEST_P(SmallBuffers, LetAFileThroughAndARelayAfterIt) {
  const temporary_file named{data};
  const auto file = must(unique_file::open(named.path()));
  auto out = with_small_buffers(GetParam());
  auto between = must(relay::create());
  auto arriving = receiving(out.there);

  auto moving =
      in_background([&] { return between.move(pair.there, out.here, data.size(), in_the_end()); });
  const auto sent = send_file(pair.here, file.get(), {.offset = 0, .length = {}}, in_the_end());

  EXPECT_THAT(sent, Succeeds());
  EXPECT_EQ(sent.size, data.size());
  EXPECT_EQ(moving.get().size, data.size());
  EXPECT_TRUE(arriving.get() == data);
}

TEST_P(SmallBuffers, LetAFileBeReceived) {
  const temporary_file named;
  auto sent = in_background([&] { return pair.here.send_all(data, in_the_end()); });
  {
    const auto file = must(unique_file::create(named.path()));
    EXPECT_EQ(receive_file(pair.there, file.get(), data.size(), in_the_end()).size, data.size());
  }

  EXPECT_THAT(sent.get(), Succeeds());
  EXPECT_TRUE(named.content() == data);
}

}  // namespace
}  // namespace portsock::tests
