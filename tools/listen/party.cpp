// SPDX-License-Identifier: MIT
#include <tools/listen/party.hpp>

namespace portsock::tools {

std::string_view to_string(carrier over) noexcept {
  switch (over) {
    case carrier::udp:
      return "udp";
    case carrier::local_stream:
      return "unix";
    case carrier::local_datagrams:
      return "unix-dgram";
    case carrier::tcp:
      break;
  }
  return "tcp";
}

std::string to_string(const place& where) {
  if (!where.local) return portsock::to_string(where.network);
  if (where.local->is_unnamed() && where.process != 0)
    return "process " + std::to_string(where.process);
  return portsock::to_string(*where.local);
}

}  // namespace portsock::tools
