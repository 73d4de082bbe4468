-- resource: social-insurance
-- name.zh: 已登记死亡的人员仍有缴费
-- name.en: Contributions of a person registered as deceased
-- hint.zh: 请与公安部门核对人员状态；核实前不要停发待遇。
-- hint.en: Compare the status with public security; stop no payment before it is verified.
-- dimension: consistency
-- severity: warn
-- fields: insured_number
select social_insurance.insured_number, social_insurance.month, social_insurance.kind
from social_insurance
join population on social_insurance.insured_number = population.resident_id
where population.status = '3'
