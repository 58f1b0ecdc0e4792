// SPDX-License-Identifier: MIT
#include <tools/common/arguments.hpp>

namespace portsock::tools {

std::uint64_t number_argument(std::string_view name, std::string_view text, std::uint64_t most) {
  std::uint64_t number = 0;
  const auto [rest, trouble] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto unit = text.substr(static_cast<std::size_t>(rest - text.data()));
  std::uint64_t factor = 0;
  if (unit.empty()) factor = 1;
  const std::uint64_t base = unit.ends_with('i') ? 1024 : 1000;
  if (unit == "k" || unit == "K" || unit == "Ki") factor = base;
  if (unit == "M" || unit == "Mi") factor = base * base;
  if (unit == "G" || unit == "Gi") factor = base * base * base;
  if (trouble == std::errc{} && factor != 0 && number <= most / factor) return number * factor;
  throw CLI::ValidationError{std::string{name} + " \"" + std::string{text} + "\": must be 0 to " +
                             std::to_string(most) + ", such as 500, 64k or 1Gi"};
}

}  // namespace portsock::tools
