// SPDX-License-Identifier: MIT
#include <tools/common/help.hpp>

#include <string_view>

namespace portsock::tools {
namespace {

constexpr std::size_t indentation = 26;
constexpr std::size_t line_width = 100;

/// `text` in lines, from the column where the cursor stands.
std::string wrapped(std::string_view text, std::size_t column) {
  std::string lines;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (column > indentation && column + 1 + word.size() > line_width) {
      lines += '\n' + std::string(indentation, ' ');
      column = indentation;
    }
    if (column > indentation) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += word.size();
  }
  return lines;
}

}  // namespace

std::string help_format::make_option(const CLI::Option* option, bool is_positional) const {
  auto text = "  " + make_option_name(option, is_positional) + make_option_opts(option);
  // A name that reaches into the description's column has a line of its own.
  if (text.size() >= indentation)
    text += '\n' + std::string(indentation, ' ');
  else
    text.resize(indentation, ' ');
  return text + wrapped(make_option_desc(option), indentation) + '\n';
}

std::string help_format::make_option_opts(const CLI::Option* option) const {
  const auto type = option->get_type_name();
  return option->get_items_expected_max() == 0 || type.empty() ? "" : ' ' + type;
}

std::string help_format::make_usage(const CLI::App* app, std::string name) const {
  std::string usage = "Usage: " + (name.empty() ? app->get_name() : name) + " [OPTION]...";
  for (const auto* option : app->get_options())
    if (option->get_positional())
      usage += ' ' + make_option_name(option, true) + make_option_opts(option);
  return usage + '\n';
}

}  // namespace portsock::tools
