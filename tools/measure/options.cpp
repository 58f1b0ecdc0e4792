// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>

#include <tools/common/arguments.hpp>
#include <tools/common/command_line.hpp>
#include <tools/listen/listen.hpp>
#include <tools/measure/measure.hpp>
#include <tools/measure/protocol.hpp>
#include <tools/send/send.hpp>

namespace portsock::tools {
namespace {

/// What makes no sense beside `option`.
void exclude(CLI::App& app, CLI::Option* option, std::initializer_list<const char*> names) {
  for (const auto* name : names) option->excludes(app.get_option(name));
}

void check(const send_options& options) {
  const auto& wanted = options.measure;
  const auto refuse = [](const std::string& text) { throw CLI::ValidationError{text}; };
  if (!wanted.wanted) return;
  if (options.local) refuse("--measure needs a host and a port");
  if (wanted.time.count() == 0 || wanted.time > std::chrono::hours{24})
    refuse("--time: must be more than 0 and at most 86400");
  if (wanted.streams == 0 || wanted.streams > most_streams)
    refuse("--parallel: must be 1 to " + std::to_string(most_streams));
  if (options.interval > std::chrono::hours{1}) refuse("--interval: must be at most 3600");
  if (!options.datagram && options.size != 0)
    refuse("--size: with --measure it is that of a datagram, and needs --udp");
  if (options.size != 0 && options.size < measuring::probe_size)
    refuse("--size: a datagram that is measured has at least " +
           std::to_string(measuring::probe_size) + " bytes");
}

}  // namespace

void declare_measuring(CLI::App& app, send_options& options) {
  const std::string topic = "Measuring";
  auto& wanted = options.measure;
  auto* measure = app.add_flag("--measure", wanted.wanted,
                               "How fast is the way to HOST, where socklisten --measure runs? "
                               "Sends as fast as it goes, or as --rate says, and reports each "
                               "--interval (1). Over UDP, datagrams of --size bytes (1400)");
  exclude(app, measure,
          {"--message", "--hex", "--file", "--zero", "--random", "--prompt", "--lines", "--blocks",
           "--repeat", "--delay", "--wait", "--no-shutdown", "--linger", "--connect-only",
           "--broadcast", "--hexdump"});
  auto* time = add_seconds(app, "--time", wanted.time, "For how long (10)");
  auto* parallel =
      add_number(app, "--parallel", wanted.streams, "Over so many streams at once (1)");
  auto* reverse = app.add_flag("--reverse", wanted.reverse, "HOST sends, and this end receives");
  auto* offload = app.add_flag("--no-offload", wanted.no_offload,
                               "UDP: hands each datagram to the system by itself, and does not let "
                               "it cut and join them");
  auto* plot = app.add_option("--svg", wanted.plot, "Draws a picture of it into this file")
                   ->type_name("FILE");
  for (auto* option : {time, parallel, reverse, offload, plot}) option->needs(measure);
  for (auto* option : {measure, time, parallel, reverse, offload, plot}) option->group(topic);
  app.final_callback([&options] { check(options); });
}

void declare_measuring(CLI::App& app, listen_options& options) {
  auto* measure = app.add_flag("--measure", options.measure,
                               "Takes the measurements of socksend --measure, and nothing else: "
                               "the port is one of TCP, and those over UDP use the same number "
                               "where it is free");
  exclude(app, measure,
          {"--discard", "--output", "--output-dir", "--label", "--hexdump", "--echo", "--reply",
           "--chat", "--pipe", "--max-connections", "--max-bytes", "--idle-timeout", "--udp",
           "--multicast", "--statistics"});
  measure->group("Measuring");
}

}  // namespace portsock::tools
