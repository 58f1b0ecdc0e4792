// SPDX-License-Identifier: MIT
#include <portsock/error.hpp>

#include <array>

#include <platform/contract.hpp>

namespace portsock {
namespace {

struct words {
  std::string_view text;
  std::errc condition;
};

// In the order of the enumeration, which begins at 1.
constexpr std::array vocabulary = {
    words{"operation would block", std::errc::operation_would_block},
    words{"connection in progress", std::errc::operation_in_progress},
    words{"connection already in progress", std::errc::connection_already_in_progress},
    words{"timed out", std::errc::timed_out},
    words{"interrupted", std::errc::interrupted},
    words{"cancelled", std::errc::operation_canceled},
    words{"connection refused", std::errc::connection_refused},
    words{"connection reset", std::errc::connection_reset},
    words{"connection aborted", std::errc::connection_aborted},
    words{"broken pipe", std::errc::broken_pipe},
    words{"end of stream", std::errc::io_error},
    words{"not connected", std::errc::not_connected},
    words{"already connected", std::errc::already_connected},
    words{"address in use", std::errc::address_in_use},
    words{"address not available", std::errc::address_not_available},
    words{"access denied", std::errc::permission_denied},
    words{"bad handle", std::errc::bad_file_descriptor},
    words{"not a socket", std::errc::not_a_socket},
    words{"message too large", std::errc::message_size},
    words{"no buffer space", std::errc::no_buffer_space},
    words{"out of memory", std::errc::not_enough_memory},
    words{"too many open sockets", std::errc::too_many_files_open},
    words{"network unreachable", std::errc::network_unreachable},
    words{"host unreachable", std::errc::host_unreachable},
    words{"network down", std::errc::network_down},
    words{"network reset", std::errc::network_reset},
    words{"destination required", std::errc::destination_address_required},
    words{"invalid argument", std::errc::invalid_argument},
    words{"bad address", std::errc::bad_address},
    words{"not supported", std::errc::operation_not_supported},
    words{"address family not supported", std::errc::address_family_not_supported},
    words{"protocol not supported", std::errc::protocol_not_supported},
    words{"wrong protocol", std::errc::wrong_protocol_type},
    words{"network not started", std::errc::io_error},
    words{"host not found", std::errc::io_error},
    words{"name service busy", std::errc::resource_unavailable_try_again},
    words{"name service failed", std::errc::io_error},
    words{"service not found", std::errc::io_error},
    words{"name too long", std::errc::filename_too_long},
    words{"file not found", std::errc::no_such_file_or_directory},
    words{"no space left", std::errc::no_space_on_device},
    words{"unexpected error", std::errc::io_error},
};
static_assert(vocabulary.size() == static_cast<std::size_t>(errc::other));

const words& words_of(errc meaning) noexcept {
  const auto at = static_cast<std::size_t>(meaning) - 1;
  return at < vocabulary.size() ? vocabulary[at] : vocabulary.back();
}

errc meaning_of(const std::error_code& code) noexcept;

/// Conditions: what a program compares with.
class condition_category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "portsock"; }
  std::string message(int value) const override {
    return std::string{to_string(static_cast<errc>(value))};
  }
  std::error_condition default_error_condition(int value) const noexcept override {
    return words_of(static_cast<errc>(value)).condition;
  }
  bool equivalent(const std::error_code& code, int condition) const noexcept override {
    return meaning_of(code) == static_cast<errc>(condition);
  }
  bool equivalent(int code, const std::error_condition& condition) const noexcept override {
    return condition == std::error_condition{code, *this} ||
           condition == default_error_condition(code);
  }
};

/// Codes of one domain, with the system's numbers.
class native_category final : public std::error_category {
 public:
  explicit native_category(error_domain domain) noexcept : domain_{domain} {}
  const char* name() const noexcept override {
    return domain_ == error_domain::system ? "portsock.system" : "portsock.resolver";
  }
  std::string message(int value) const override {
    return error{value, domain_, meaning(value)}.message();
  }
  std::error_condition default_error_condition(int value) const noexcept override {
    const auto* row = platform::find_error(domain_, value);
    return row ? row->condition : words_of(errc::other).condition;
  }
  errc meaning(int value) const noexcept {
    const auto* row = platform::find_error(domain_, value);
    return row ? row->meaning : errc::other;
  }

 private:
  error_domain domain_;
};

const native_category& category_of(error_domain domain) noexcept {
  static const native_category system{error_domain::system};
  static const native_category resolver{error_domain::resolver};
  return domain == error_domain::resolver ? resolver : system;
}

errc meaning_of(const std::error_code& code) noexcept {
  if (code.category() == errc_category()) return static_cast<errc>(code.value());
  for (const auto domain : {error_domain::system, error_domain::resolver})
    if (code.category() == category_of(domain)) return category_of(domain).meaning(code.value());
  return {};
}

}  // namespace

std::string_view to_string(errc meaning) noexcept { return words_of(meaning).text; }

std::string error::message() const {
  std::string text{to_string(meaning())};
  if (domain() == error_domain::library) return text;
  const auto* row = platform::find_error(domain(), value());
  return text + " (" + (row ? row->name : "code " + std::to_string(value())) + ")";
}

std::error_code error::code() const noexcept {
  // A meaning that the context gave, and not the table, would be lost with the number.
  if (domain() == error_domain::library || category_of(domain()).meaning(value()) != meaning())
    return {static_cast<int>(meaning()), errc_category()};
  return {value(), category_of(domain())};
}

const std::error_category& errc_category() noexcept {
  static const condition_category category;
  return category;
}

std::error_condition make_error_condition(errc meaning) noexcept {
  return {static_cast<int>(meaning), errc_category()};
}

}  // namespace portsock
