// SPDX-License-Identifier: MIT
#include <tools/common/address_text.hpp>

#include <CLI/CLI.hpp>
#include <algorithm>

#include <portsock/address.hpp>

namespace portsock::tools {
namespace {

std::optional<transport> take_scheme(std::string_view& text) {
  const auto end = text.find("://");
  if (end == text.npos) return std::nullopt;
  const auto scheme = text.substr(0, end);
  if (scheme != "tcp" && scheme != "udp")
    throw CLI::ValidationError{"scheme \"" + std::string{scheme} +
                               "\": must be tcp or udp; or unix:PATH"};
  text.remove_prefix(end + 3);
  if (text.ends_with('/')) text.remove_suffix(1);
  return scheme == "tcp" ? transport::tcp : transport::udp;
}

/// What RFC 6335 (section 5.1) lets a service be called.
bool could_be_a_service(std::string_view text) noexcept {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto allowed = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-'; };
  return std::ranges::all_of(text, allowed) && std::ranges::any_of(text, letter);
}

std::optional<std::uint16_t> port_of_service(std::string_view name, transport over) {
  const auto found = resolve("127.0.0.1", name, over);
  return found ? std::optional{found->front().port} : std::nullopt;
}

}  // namespace

address_text split_address(std::string_view text) {
  const auto whole = text;
  const auto wrong = [&] {
    return CLI::ValidationError{"address \"" + std::string{whole} +
                                "\": must be PORT, HOST:PORT or [IPV6]:PORT"};
  };
  address_text parts{.over = take_scheme(text)};
  const auto closing = text.rfind(']');
  const auto colon = text.rfind(':');
  const bool bracketed = text.starts_with('[');
  if (bracketed == (closing == text.npos)) throw wrong();
  const bool several = !bracketed && std::ranges::count(text, ':') > 1;
  const bool has_port = colon != text.npos && !several && (!bracketed || colon > closing);
  parts.host = text.substr(0, has_port ? colon : text.npos);
  if (bracketed && parts.host.size() != closing + 1) throw wrong();
  if (has_port) {
    if (parts.host.empty()) throw wrong();
    parts.port = text.substr(colon + 1);
  }
  return parts;
}

std::optional<local_text> split_local(std::string_view text) {
  const auto whole = text;
  const bool datagrams = text.starts_with("unix-dgram:");
  if (!datagrams && !text.starts_with("unix:")) return std::nullopt;
  text.remove_prefix(text.find(':') + 1);
  if (text.starts_with("//")) text.remove_prefix(2);  // unix:///run/app.sock
  const auto at =
      text.starts_with('@') ? local_address::abstract(text.substr(1)) : local_address::at(text);
  if (at) return local_text{*at, datagrams};
  throw CLI::ValidationError{"address \"" + std::string{whole} + "\": " + at.error().message() +
                             "; must be unix:PATH of at most " +
                             std::to_string(local_address::limit()) + " bytes"};
}

std::uint16_t port_argument(std::string_view text, std::optional<transport> over) {
  if (const auto port = parse_port(text)) return *port;
  if (could_be_a_service(text)) {
    if (const auto port = port_of_service(text, over.value_or(transport::tcp))) return *port;
    if (!over)
      if (const auto port = port_of_service(text, transport::udp)) return *port;
  }
  throw CLI::ValidationError{"port \"" + std::string{text} +
                             "\": must be 0 to 65535, or a service such as http"};
}

}  // namespace portsock::tools
