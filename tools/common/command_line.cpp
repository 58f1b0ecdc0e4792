// SPDX-License-Identifier: MIT
#include <tools/common/command_line.hpp>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <locale>
#include <memory>
#include <sstream>

#include <portsock/program.hpp>
#include <tools/common/complaints.hpp>
#include <tools/common/help.hpp>
#include <tools/common/standard_streams.hpp>

namespace portsock::tools {

std::optional<exit_code> parse(CLI::App& app, const std::vector<std::string>& arguments,
                               std::ostream& output, std::ostream& log) {
  app.formatter(std::make_shared<help_format>());
  try {
    // CLI11 takes arguments off the end, and does not want the program's name.
    app.parse(std::vector<std::string>{arguments.rbegin(), arguments.rend() - 1});
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    output << app.help() << std::flush;
    return exit_code::ok;
  } catch (const CLI::ParseError& wrong) {
    log << app.get_name() << ": " << wrong.what() << "\nTry " << app.get_name() << " --help.\n"
        << std::flush;
    return exit_code::usage;
  }
}

void run_program(CLI::App& app, int argc, const char* const* argv,
                 const std::function<exit_code(const canceller& stop)>& tool) {
  program::use_binary_streams();
  auto& output = standard_output();
  auto& log = standard_log();

  const auto run = [&] {
    if (const auto done = parse(app, program::arguments(argc, argv), output, log)) return *done;
    const auto name = app.get_name();
    const complaints complain{name, log};
    const auto stop = canceller::create();
    if (!stop) return complain.failed("starting", stop.error());
    if (const auto set = program::cancel_on_interrupt(*stop); !set)
      return complain.failed("starting", set.error());
    return tool(*stop);
  };

  const auto code = run();
  output.flush();
  log.flush();
  std::_Exit(static_cast<int>(code));
}

std::chrono::milliseconds seconds_argument(const std::string& name, const std::string& text) {
  std::istringstream number{text};
  number.imbue(std::locale::classic());
  double seconds = -1;
  if (!(number >> seconds) || !number.eof() || seconds < 0 || seconds > 1e6)
    throw CLI::ValidationError{name + " \"" + text + "\": must be 0 to 1000000 seconds"};
  return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>{seconds});
}

CLI::Option* add_seconds(CLI::App& app, const std::string& name, std::chrono::milliseconds& value,
                         std::string description) {
  const auto store = [name, &value](const std::string& text) {
    value = seconds_argument(name, text);
  };
  return app.add_option_function<std::string>(name, store, std::move(description))
      ->type_name("SECONDS");
}

}  // namespace portsock::tools
