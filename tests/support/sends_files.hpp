// SPDX-License-Identifier: MIT
#pragma once

// A connection, and a file to send over it.

#include <gtest/gtest.h>

#include <vector>

#include <portsock/transfer.hpp>
#include <tests/support/files.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {

/// A file, open for reading.
struct readable {
  explicit readable(const_bytes content) : named{content} {}
  file_handle get() const noexcept { return file.get(); }

  temporary_file named;
  unique_file file = must(unique_file::open(named.path()));
};

class SendsFiles : public OnEachFamily {
 protected:
  /// Sends in the background, and ends the stream.
  auto sending(file_handle file, file_range what, deadline until = deadline::never()) {
    return in_background([this, file, what, until] {
      const auto done = send_file(here, file, what, until);
      static_cast<void>(here.shutdown(direction::send));
      return done;
    });
  }
  /// What arrives of a file of which `what` is sent; all that is sent, says the sender too.
  std::vector<std::byte> arrives(file_handle file, file_range what,
                                 deadline until = deadline::never()) {
    auto sent = sending(file, what, until);
    auto got = hear_all(there);
    const auto done = sent.get();
    EXPECT_THAT(done, Succeeds());
    EXPECT_EQ(done.size, got.size());
    return got;
  }
  /// How many bytes arrive, of which none is kept.
  std::uint64_t count_arrivals() {
    std::vector<std::byte> buffer(1 << 20);
    for (std::uint64_t total = 0;;) {
      const auto size = must(there.receive(buffer, soon()));
      if (size == 0) return total;
      total += size;
    }
  }

  connected_pair pair = connected(GetParam());
  stream_socket& here = pair.here;
  stream_socket& there = pair.there;
};

}  // namespace portsock::tests
