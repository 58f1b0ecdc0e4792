// SPDX-License-Identifier: MIT
#include <tools/listen/listen.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

#include <tools/listen/open_ports.hpp>
#include <tools/listen/service.hpp>

namespace portsock::tools {
namespace {

exit_code not_opened(const complaints& complain, const listen_address& where, error reason) {
  if (reason != errc::invalid_argument) return complain.failed(to_string(where), reason);
  return complain.misused("host \"" + where.host + '"',
                          "must be a name, or a whole address such as 127.0.0.1 or [::1]");
}

/// Opens all that was asked for, and only then serves any of it.
template <class Socket>
exit_code open_and_serve(const service& with,
                         result<std::vector<Socket>> (*open)(const listen_address&,
                                                             const canceller&),
                         exit_code (service::*serve)(std::vector<Socket>) const) {
  std::vector<Socket> sockets;
  for (const auto& where : with.options.addresses) {
    auto opened = open(where, with.stop);
    if (!opened) return not_opened(with.complain, where, opened.error());
    std::move(opened->begin(), opened->end(), std::back_inserter(sockets));
  }
  return (with.*serve)(std::move(sockets));
}

}  // namespace

void service::tell(std::string_view who, std::string_view what) const {
  log << who << ' ' << what << '\n' << std::flush;
}

exit_code service::stopped(std::string_view visits, std::uint64_t bytes) const {
  log << "stopped, " << visits << ", " << count(bytes, "byte") << '\n' << std::flush;
  return exit_code::ok;
}

std::string count(std::uint64_t number, std::string_view thing) {
  return std::to_string(number) + ' ' + std::string{thing} + (number == 1 ? "" : "s");
}

exit_code listen(const listen_options& options, std::ostream& output, std::ostream& log,
                 const canceller& stop) {
  const complaints complain{"socklisten", log};
  const service with{options, output, log, complain, stop};
  return options.datagram ? open_and_serve(with, open_datagram_ports, &service::of_datagrams)
                          : open_and_serve(with, open_stream_ports, &service::of_streams);
}

}  // namespace portsock::tools
