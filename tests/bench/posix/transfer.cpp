// SPDX-License-Identifier: MIT

// transfer_bench [ROUNDS]   what sending a file costs, beside send() of the same bytes by 1 MiB.
//
// In each round every way sends 128 MiB over the same loopback connection to a receiver on another
// thread, in a new order; the ratio is taken inside the round, and the table has its median and the
// 95 % interval of the median. Loopback with bbr measures bbr's pacing: both ends use reno.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <portsock/socket.hpp>
#include <portsock/transfer.hpp>

namespace {

using namespace portsock;

constexpr std::size_t file_size = 128 << 20;
constexpr std::size_t piece = 1 << 20;

int fd(const stream_socket& socket) { return static_cast<int>(socket.native()); }

void expect(bool good) {
  if (good) return;
  std::perror("transfer_bench");
  std::exit(1);
}

/// Measures without bbr's pacing.
void use_reno(const stream_socket& socket) {
  expect(::setsockopt(fd(socket), IPPROTO_TCP, TCP_CONGESTION, "reno", 4) == 0);
}

/// Two ends; what arrives at the far one is thrown away, by 256 KiB.
class connection {
 public:
  connection() {
    auto listener = stream_listener::listen({ipv4_address::loopback(), 0}).value();
    near = stream_socket::connect(listener.local_endpoint().value()).value();
    far_ = listener.accept().value();
    use_reno(near);
    use_reno(far_);
    receiver_ = std::thread{[this] {
      std::vector<std::byte> buffer(256 * 1024);
      for (auto got = far_.receive(buffer); got && *got != 0;) {
        left_ -= *got;
        if (left_ == 0) {
          left_ = file_size;
          static_cast<void>(far_.send(as_bytes(".")));
        }
        got = far_.receive(buffer);
      }
    }};
  }
  ~connection() {
    static_cast<void>(near.shutdown(direction::send));
    receiver_.join();
  }

  /// Until the far end has all of it.
  void finish() {
    std::byte done;
    expect(near.receive({&done, 1}).has_value());
  }

  stream_socket near{unique_handle{}};

 private:
  stream_socket far_{unique_handle{}};
  std::size_t left_ = file_size;
  std::thread receiver_;
};

void splice_bare(int file, int socket) {
  int ends[2];
  expect(::pipe2(ends, O_CLOEXEC) == 0);
  ::fcntl(ends[1], F_SETPIPE_SZ, static_cast<int>(piece));
  ::lseek(file, 0, SEEK_SET);
  for (std::size_t left = file_size; left != 0;) {
    auto in = ::splice(file, nullptr, ends[1], nullptr, piece, SPLICE_F_MOVE);
    expect(in > 0);
    left -= static_cast<std::size_t>(in);
    while (in != 0) {
      const auto out =
          ::splice(ends[0], nullptr, socket, nullptr, static_cast<std::size_t>(in), SPLICE_F_MOVE);
      expect(out > 0);
      in -= out;
    }
  }
  ::close(ends[0]);
  ::close(ends[1]);
}

struct way {
  const char* name;
  std::function<void()> send;
  std::vector<double> ratios;
};

/// Median and the order statistics around it that hold it in 95 of 100 cases.
void report(way& one) {
  std::ranges::sort(one.ratios);
  const auto n = static_cast<double>(one.ratios.size());
  const auto at = [&one](double place) {
    const auto last = static_cast<double>(one.ratios.size() - 1);
    return one.ratios[static_cast<std::size_t>(std::clamp(place, 0.0, last))];
  };
  const auto half = 0.98 * std::sqrt(n);
  std::printf("%-22s %6.3f  [%.3f-%.3f]\n", one.name, at(n / 2), at(n / 2 - half),
              at(n / 2 + half));
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 40;
  const unique_file file{file_handle{::memfd_create("transfer_bench", MFD_CLOEXEC)}};
  const int number = static_cast<int>(file.get());
  std::vector<std::byte> content(piece, std::byte{'x'});
  for (std::size_t i = 0; i != file_size / piece; ++i)
    expect(::write(number, content.data(), piece) == static_cast<ssize_t>(piece));
  connection c;
  auto between = relay::create().value();

  std::vector<way> ways{
      {"send, bare",
       [&] {
         for (std::size_t left = file_size; left != 0;) {
           const auto sent = ::send(fd(c.near), content.data(), (std::min)(left, piece), 0);
           expect(sent > 0);
           left -= static_cast<std::size_t>(sent);
         }
       },
       {}},
      {"send_all",
       [&] {
         for (std::size_t i = 0; i != file_size / piece; ++i)
           expect(static_cast<bool>(c.near.send_all(content)));
       },
       {}},
      {"sendfile, bare",
       [&] {
         off_t offset = 0;
         while (offset != static_cast<off_t>(file_size))
           expect(::sendfile(fd(c.near), number, &offset, file_size) > 0);
       },
       {}},
      {"send_file",
       [&] {
         expect(send_file(c.near, file.get(), {.offset = 0, .length = {}}).size == file_size);
       },
       {}},
      {"send_file, deadline",
       [&] {
         expect(send_file(c.near, file.get(), {.offset = 0, .length = {}},
                          deadline::in(std::chrono::minutes{1}))
                    .size == file_size);
       },
       {}},
      {"splice, bare", [&] { splice_bare(number, fd(c.near)); }, {}},
      {"relay::move",
       [&] {
         ::lseek(number, 0, SEEK_SET);
         expect(between.move(file.get(), c.near).size == file_size);
       },
       {}},
  };

  std::mt19937 random{1};
  double fastest = 0;
  for (int round = -1; round < rounds; ++round) {  // the first warms up
    std::vector<std::size_t> order(ways.size());
    for (std::size_t i = 0; i != order.size(); ++i) order[i] = i;
    std::ranges::shuffle(order, random);
    std::vector<double> speeds(ways.size());
    for (const auto i : order) {
      const auto begin = std::chrono::steady_clock::now();
      ways[i].send();
      c.finish();
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
      speeds[i] = static_cast<double>(file_size) / took.count() / 1e9;
    }
    if (round < 0) continue;
    fastest = (std::max)(fastest, speeds[0]);
    for (std::size_t i = 0; i != ways.size(); ++i) ways[i].ratios.push_back(speeds[i] / speeds[0]);
  }
  std::printf(
      "speed over that of the first, median of %d rounds [95 %%]; send, bare: up to %.2f GB/s\n",
      rounds, fastest);
  for (auto& one : ways) report(one);
}
