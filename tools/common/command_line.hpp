// SPDX-License-Identifier: MIT
#pragma once

// What the main functions share, and what their command lines have in common.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <portsock/waker.hpp>
#include <tools/common/exit_code.hpp>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace portsock::tools {

/// Fills in what `app` declares. Nothing is returned when the tool may begin; otherwise its help
/// was printed to `output`, or to `log` what is wrong with `arguments` (the program's name first).
std::optional<exit_code> parse(CLI::App& app, const std::vector<std::string>& arguments,
                               std::ostream& output, std::ostream& log);

/// A whole main(): standard streams that carry bytes as they are, a command line in UTF-8, and a
/// canceller that Ctrl-C trips. Does not return, because a thread may be waiting for a terminal
/// still.
[[noreturn]] void run_program(CLI::App& app, int argc, const char* const* argv,
                              const std::function<exit_code(const canceller& stop)>& tool);

/// "2" or "0.25", at most a million. Throws the error that parse() prints.
std::chrono::milliseconds seconds_argument(const std::string& name, const std::string& text);

/// An option that takes seconds, with a fraction if need be: "2", "0.25". At most a million.
CLI::Option* add_seconds(CLI::App& app, const std::string& name, std::chrono::milliseconds& value,
                         std::string description);

}  // namespace portsock::tools
