// SPDX-License-Identifier: MIT
#pragma once

// How --help looks.

#include <CLI/CLI.hpp>
#include <string>

namespace portsock::tools {

/// Lines of at most 100 characters, and of each option its name, its value and what it does; what
/// excludes what is told when it matters, by the complaint.
class help_format : public CLI::Formatter {
 public:
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_usage(const CLI::App* app, std::string name) const override;
};

}  // namespace portsock::tools
