// SPDX-License-Identifier: MIT
#include <portsock/local_address.hpp>

#include <platform/contract.hpp>

#include "utf8.hpp"

namespace portsock {

std::size_t local_address::limit() noexcept { return platform::longest_local_path(); }

result<local_address> local_address::at(std::string_view path) noexcept {
  if (path.empty() || path.find('\0') != path.npos || !detail::is_utf8(path))
    return fail(errc::invalid_argument);
  if (path.size() > limit()) return fail(errc::name_too_long);
  return local_address{form::path, path};
}

result<local_address> local_address::abstract(std::string_view name) noexcept {
  if (!platform::has_abstract_names()) return fail(errc::not_supported);
  if (name.empty()) return fail(errc::invalid_argument);
  if (name.size() > limit()) return fail(errc::name_too_long);
  return local_address{form::abstract, name};
}

std::string to_string(const local_address& where) {
  if (where.is_unnamed()) return "(unnamed)";
  std::string text{where.is_abstract() ? "@" : ""};
  return text += where.text();
}

}  // namespace portsock
