"""What can be wrong with a reproducibility bundle, in both languages with the next step."""

from __future__ import annotations

from qiantang.kernel.errors import Invalid, TooLarge
from qiantang.kernel.text import Text


class BundleUnreadable(Invalid):
    code = "index.bundle_unreadable"
    title = Text(zh="复现包不能读取", en="Bundle cannot be read")
    detail = Text(zh="{reason}（{found}）。", en="{reason} ({found}).")
    hint = Text(
        zh="请重新下载复现包；若仍不能读取，请告知发布单位。",
        en="Download the bundle again; if it still fails, tell its publisher.",
    )


class BundleTooLarge(TooLarge):
    code = "index.bundle_too_large"
    title = Text(zh="复现包过大", en="Bundle too large")
    detail = Text(zh="复现包过大：{found}。", en="The bundle is too large: {found}.")
    hint = Text(
        zh="上限为 {expected}；这不是正常的复现包。",
        en="The limit is {expected}; no proper bundle is larger.",
    )


class BundleAltered(Invalid):
    code = "index.bundle_altered"
    title = Text(zh="复现包被改动", en="Bundle altered")
    detail = Text(
        zh="“{found}”与清单中的摘要不符。",
        en='"{found}" does not match its digest in the manifest.',
    )
    hint = Text(
        zh="请勿使用此文件；请从发布单位重新下载。",
        en="Do not use this file; download it from its publisher again.",
    )


class SignatureWrong(Invalid):
    code = "index.bundle_signature_wrong"
    title = Text(zh="签名不成立", en="Signature not valid")
    detail = Text(
        zh="清单的签名与公钥 {found} 不符。",
        en="The signature of the manifest does not belong to the key {found}.",
    )
    hint = BundleAltered.hint


class KeyUnexpected(Invalid):
    code = "index.bundle_key_unexpected"
    title = Text(zh="签名者不符", en="Signed by another key")
    detail = Text(
        zh="复现包由密钥 {found} 签名，不是指定的 {expected}。",
        en="The bundle is signed with the key {found}, not with {expected}.",
    )
    hint = Text(
        zh="请向发布单位核对公钥指纹。", en="Ask the publisher for the fingerprint of its key."
    )


class KeyUnreadable(Invalid):
    code = "index.bundle_key_unreadable"
    title = Text(zh="密钥不能读取", en="Key cannot be read")
    detail = Text(zh="“{found}”不是 Ed25519 密钥。", en='"{found}" is no Ed25519 key.')
    hint = Text(
        zh="请给出 64 位十六进制指纹，或 PEM 格式的公钥文件。",
        en="Give a fingerprint of 64 hexadecimal digits, or a public key's file in PEM.",
    )
