// SPDX-License-Identifier: MIT

// The command lines of the tools, an argument a line, up to where the tool would begin.

#include <CLI/CLI.hpp>
#include <sstream>
#include <vector>

#include <tests/fuzz/fuzz.hpp>
#include <tools/common/command_line.hpp>
#include <tools/listen/listen.hpp>
#include <tools/ping/ping.hpp>
#include <tools/send/send.hpp>

namespace {

using namespace portsock;

template <class Options>
void read(const std::vector<std::string>& arguments) {
  CLI::App app{"a tool", arguments.front()};
  Options options;
  tools::declare(app, options);
  std::ostringstream output;
  std::ostringstream log;
  const auto ended = tools::parse(app, arguments, output, log);
  if (!ended) {
    fuzz::expect(output.str().empty() && log.str().empty(), "a tool that may begin says nothing");
    return;
  }
  fuzz::expect(output.str().empty() != log.str().empty(), "help or a complaint, and not both");
  fuzz::expect((*ended == tools::exit_code::ok) == log.str().empty(), "a complaint is a failure");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto choice = fuzz::take_choice(data, size);
  std::vector<std::string> arguments{"tool"};
  std::istringstream lines{std::string{fuzz::as_text(data, size)}};
  for (std::string line; std::getline(lines, line) && arguments.size() < 20;)
    arguments.push_back(line);
  switch (choice % 3) {
    case 0:
      read<tools::send_options>(arguments);
      break;
    case 1:
      read<tools::listen_options>(arguments);
      break;
    default:
      read<tools::ping_options>(arguments);
  }
  return 0;
}
