-- resource: licence
-- name.zh: 持证单位已注销或吊销，许可仍有效
-- name.en: A valid licence of a closed firm
-- hint.zh: 请核对许可状态，或通知登记机关核对主体状态。
-- hint.en: Check the status of the licence, or ask the registrar about the firm.
-- dimension: consistency
-- severity: warn
-- fields: status, uscc
select licence.number, licence.uscc, legal_entity.status as entity_status
from licence
join legal_entity on licence.uscc = legal_entity.uscc
where licence.status = 'valid' and legal_entity.status in ('cancelled', 'revoked')
