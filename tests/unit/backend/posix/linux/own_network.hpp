// SPDX-License-Identifier: MIT
#pragma once

// A network of a test's own: a loopback interface and nothing else, for the thread that asks.

#include <sched.h>

#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <portsock/address.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {

class own_network {
 public:
  /// Runs `test(network)` inside; false where the system does not let this program make one.
  template <class Test>
  static bool run(Test test) {
    return in_background([&] {
             if (::unshare(CLONE_NEWNET) != 0) return false;
             own_network network;
             test(network);
             return true;
           })
        .get();
  }

  void set_mtu(int bytes) {
    auto request = about_loopback();
    request.ifr_mtu = bytes;
    must_do<SIOCSIFMTU>(socket_v4_, &request);
  }

  /// With 24 bits of network, and its broadcast address.
  void add(const ipv4_address& address) {
    const auto set = [this]<int What>(std::integral_constant<int, What>, ipv4_address to) {
      ifreq request{};
      std::strcpy(request.ifr_name, "lo:1");
      sockaddr_in name{};
      name.sin_family = AF_INET;
      std::memcpy(&name.sin_addr, to.bytes.data(), sizeof name.sin_addr);
      std::memcpy(&request.ifr_addr, &name, sizeof name);
      must_do<What>(socket_v4_, &request);
    };
    set(std::integral_constant<int, SIOCSIFADDR>{}, address);
    set(std::integral_constant<int, SIOCSIFNETMASK>{}, {{255, 255, 255, 0}});
    auto broadcast = address;
    broadcast.bytes[3] = 255;
    set(std::integral_constant<int, SIOCSIFBRDADDR>{}, broadcast);
  }

  /// IPv4 groups that are joined on no interface in particular are joined on loopback.
  void route_groups() {
    char device[] = "lo";
    rtentry route{};
    const auto set = [](sockaddr& to, in_addr_t address) {
      sockaddr_in name{};
      name.sin_family = AF_INET;
      name.sin_addr.s_addr = htonl(address);
      std::memcpy(&to, &name, sizeof name);
    };
    set(route.rt_dst, 0xe0000000);
    set(route.rt_genmask, 0xf0000000);
    route.rt_flags = RTF_UP;
    route.rt_dev = device;
    must_do<SIOCADDRT>(socket_v4_, &route);
  }

  void set_up(bool up) {
    auto request = about_loopback();
    request.ifr_flags = static_cast<short>(IFF_LOOPBACK | (up ? IFF_UP | IFF_RUNNING : 0));
    must_do<SIOCSIFFLAGS>(socket_v4_, &request);
  }

  /// The ports that the system chooses from; false where this may not be set.
  bool set_ports(std::uint16_t first, std::uint16_t last) {
    std::ofstream file{"/proc/sys/net/ipv4/ip_local_port_range"};
    file << first << ' ' << last << std::flush;
    return file.good();
  }

  /// False where the system does not know the interface by the index that it told: a request whose
  /// numbers nobody turns round for a processor with another order of bytes.
  bool add(const ipv6_address& address) {
    struct {  // in6_ifreq of linux/ipv6.h, which cannot be included beside netinet/in.h
      in6_addr address;
      std::uint32_t prefix_length;
      int interface_index;
    } request{{}, 128, static_cast<int>(::if_nametoindex("lo"))};
    std::memcpy(&request.address, address.bytes.data(), sizeof request.address);
    if (::ioctl(socket_v6_, SIOCSIFADDR, &request) != 0) {
      if (errno == ENODEV) return false;
      throw std::runtime_error{std::strerror(errno)};
    }
    // The kernel goes on with it in the background, and lets nobody have it before.
    for (const auto until = soon(); !datagram_socket::bind({address, 0});) {
      if (until.has_passed()) throw std::runtime_error{"the address did not become usable"};
      std::this_thread::yield();
    }
    return true;
  }

  own_network(const own_network&) = delete;
  own_network& operator=(const own_network&) = delete;
  ~own_network() {
    ::close(socket_v4_);
    ::close(socket_v6_);
  }

 private:
  own_network() { set_up(true); }

  static ifreq about_loopback() {
    ifreq request{};
    std::strcpy(request.ifr_name, "lo");
    return request;
  }
  /// A constant, since ioctl of glibc takes an unsigned long and that of musl an int.
  template <int What>
  static void must_do(int s, void* request) {
    if (::ioctl(s, What, request) != 0) throw std::runtime_error{std::strerror(errno)};
  }

  int socket_v4_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  int socket_v6_ = ::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

}  // namespace portsock::tests
