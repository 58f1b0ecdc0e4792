// SPDX-License-Identifier: MIT
#pragma once

// Options of more than a flag or a text, each with the complaint that names the fix.

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace portsock::tools {

/// A whole number with "k", "M" or "G" (powers of 1000) or "Ki", "Mi", "Gi" (of 1024) behind it if
/// need be, at most `most`. Throws the error that parse() prints.
std::uint64_t number_argument(std::string_view name, std::string_view text, std::uint64_t most);

/// An option that takes a number as above.
template <class Number>
CLI::Option* add_number(CLI::App& app, const std::string& name, Number& value,
                        std::string description) {
  return app
      .add_option_function<std::string>(
          name,
          [name, &value](const std::string& text) {
            const auto most = static_cast<std::uint64_t>((std::numeric_limits<Number>::max)());
            value = static_cast<Number>(number_argument(name, text, most));
          },
          std::move(description))
      ->type_name("N");
}

/// An option that can be given often, and takes several values between commas.
template <class Value, class Parse>
CLI::Option* add_list(CLI::App& app, const std::string& name, std::vector<Value>& values,
                      Parse parse, std::string description) {
  return app
      .add_option_function<std::vector<std::string>>(
          name,
          [parse, &values](const std::vector<std::string>& texts) {
            for (const auto& text : texts) values.push_back(parse(text));
          },
          std::move(description))
      ->delimiter(',')
      ->allow_extra_args(false);
}

}  // namespace portsock::tools
