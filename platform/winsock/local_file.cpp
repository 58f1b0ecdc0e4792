// SPDX-License-Identifier: MIT

// The files that local sockets are found by: reparse points, which nothing opens but who asks for
// them as such. The lock is a file that is open and shared with nobody.

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "constants.hpp"
#include "local.hpp"

// Wants what the headers above include first.
#include <sddl.h>

namespace portsock::platform {
namespace {

using wide_name = std::array<wchar_t, local_address::capacity + 8>;

wide_name name_of(const local_address& where, std::wstring_view ending = {}) noexcept {
  wide_name name{};
  const auto text = where.text();
  const int size = ::MultiByteToWideChar(CP_UTF8, 0, text.data(), length(text.size()), name.data(),
                                         static_cast<int>(local_address::capacity));
  std::ranges::copy(ending, name.begin() + size);
  return name;
}

struct handle_closer {
  void operator()(void* handle) const noexcept { ::CloseHandle(handle); }
};
using owned_file = std::unique_ptr<void, handle_closer>;

owned_file open_file(const wide_name& name, DWORD rights, DWORD sharing, DWORD creation) noexcept {
  const HANDLE file = ::CreateFileW(name.data(), rights, sharing, nullptr, creation,
                                    FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
  return owned_file{file == INVALID_HANDLE_VALUE ? nullptr : file};
}
owned_file open_there(const wide_name& name, DWORD rights) noexcept {
  return open_file(name, rights, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                   OPEN_EXISTING);
}

struct identity {
  std::uint64_t device;
  std::uint64_t number;
  friend bool operator==(const identity&, const identity&) = default;
};

std::optional<BY_HANDLE_FILE_INFORMATION> facts_of(HANDLE file) noexcept {
  BY_HANDLE_FILE_INFORMATION facts;
  if (file == nullptr || ::GetFileInformationByHandle(file, &facts) == 0) return std::nullopt;
  return facts;
}

/// Nothing for a file that is no socket.
std::optional<identity> socket_in(HANDLE file) noexcept {
  FILE_ATTRIBUTE_TAG_INFO tag{};
  const auto facts = facts_of(file);
  if (!facts || ::GetFileInformationByHandleEx(file, FileAttributeTagInfo, &tag, sizeof tag) == 0 ||
      tag.ReparseTag != reparse_tag_af_unix)
    return std::nullopt;
  return identity{facts->dwVolumeSerialNumber,
                  std::uint64_t{facts->nFileIndexHigh} << 32 | facts->nFileIndexLow};
}

/// By its handle, so that no other file is met.
bool remove(HANDLE file) noexcept {
  FILE_DISPOSITION_INFO info{TRUE};
  return ::SetFileInformationByHandle(file, FileDispositionInfo, &info, sizeof info) != 0;
}

result<native_handle> take_lock(const local_address& where) noexcept {
  auto file =
      open_file(name_of(where, L".lock"), GENERIC_READ | GENERIC_WRITE | DELETE, 0, OPEN_ALWAYS);
  if (file) return to_handle(reinterpret_cast<SOCKET>(file.release()));
  const auto reason = last_error();
  return fail(reason.value() == ERROR_SHARING_VIOLATION ? error{errc::address_in_use} : reason);
}

/// A socket that refuses. Who does not answer in a moment is not taken for dead.
bool is_dead(const local_address& where, HANDLE file) noexcept {
  if (!socket_in(file)) return false;
  const auto probe = open_local(kind::local_stream);
  if (!probe) return false;
  const auto connected = connect_local(probe->get(), where, deadline::in(std::chrono::seconds{1}));
  return !connected && connected.error() == errc::connection_refused;
}

/// Until the socket listens nobody can connect, so that nobody finds other permissions than these.
/// The owner and the system have all rights; the directory's own rules do not apply.
result<> permit(HANDLE file, local_access access) noexcept {
  const wchar_t* const rules = access == local_access::owner
                                   ? L"D:P(A;;FA;;;OW)(A;;FA;;;SY)"
                                   : L"D:P(A;;FA;;;OW)(A;;FA;;;SY)(A;;FRFW;;;WD)";
  PSECURITY_DESCRIPTOR made = nullptr;
  if (::ConvertStringSecurityDescriptorToSecurityDescriptorW(rules, SDDL_REVISION_1, &made,
                                                             nullptr) == 0)
    return std::unexpected{last_error()};
  const std::unique_ptr<void, decltype(&::LocalFree)> owned{made, &::LocalFree};
  if (::SetKernelObjectSecurity(file, DACL_SECURITY_INFORMATION, made) == 0)
    return std::unexpected{last_error()};
  return {};
}

}  // namespace

result<detail::claim_record> bind_local(native_handle s, const local_address& where, kind,
                                        local_bind_options wanted) noexcept {
  const auto lock = take_lock(where);
  if (!lock) return lock.failure();
  detail::local_claim locked{where, {*lock, 0, 0}};  // gives it up when this fails

  const auto name = name_of(where);
  auto bound = bind_to(s, where);
  if (!bound && bound.error() == errc::address_in_use && wanted.replace_stale) {
    auto old = open_there(name, DELETE | FILE_READ_ATTRIBUTES);
    const bool removed = is_dead(where, old.get()) && remove(old.get());
    old.reset();  // a file goes when its last handle does
    if (removed) bound = bind_to(s, where);
  }
  if (!bound) return bound.failure();

  const auto file = open_there(name, WRITE_DAC | FILE_READ_ATTRIBUTES);
  const auto made = socket_in(file.get());
  if (!made) return fail(errc::address_not_available);  // somebody removed it at once
  locked.knows(made->device, made->number);
  if (auto permitted = permit(file.get(), wanted.access); !permitted) return permitted.failure();
  return std::move(locked).record();
}

void release_path(const local_address& where, const detail::claim_record& record,
                  bool removes_file) noexcept {
  const owned_file lock{reinterpret_cast<void*>(descriptor(record.lock))};
  const auto file = open_there(name_of(where), DELETE | FILE_READ_ATTRIBUTES);
  if (removes_file && socket_in(file.get()) == identity{record.device, record.number})
    remove(file.get());
  // Only a file that nobody wrote to is a lock.
  const auto facts = facts_of(lock.get());
  if (facts && facts->nFileSizeHigh == 0 && facts->nFileSizeLow == 0) remove(lock.get());
}

}  // namespace portsock::platform
